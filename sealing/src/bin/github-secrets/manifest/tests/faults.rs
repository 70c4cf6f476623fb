//! Everything that is wrong with a file, with its line.

use super::support::toml;

const T: &str = "";

#[test]
fn design_example() {
    let text = include_str!("platform.toml");
    let found = toml(text).err();
    assert_eq!(found, None);
    let _ = T;
}
