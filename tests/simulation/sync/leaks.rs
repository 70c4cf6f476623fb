//! Finds values where none may be.

use std::collections::HashSet;

use super::super::rng::Rng;

/// Every run of eight bytes of every value.
#[derive(Default)]
pub(super) struct Leaks(HashSet<[u8; WINDOW]>);

const WINDOW: usize = 8;

const LETTERS: &[u8] = b"abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!$%&/()=?+*";

impl Leaks {
    /// Draws a new value.
    pub(super) fn value(&mut self, rng: &mut Rng) -> String {
        let bytes: Vec<u8> = (0..20).map(|_| rng.pick(LETTERS)).collect();
        let windows = bytes.windows(WINDOW);
        self.0
            .extend(windows.map(|window| <[u8; WINDOW]>::try_from(window).expect("eight bytes")));
        String::from_utf8(bytes).expect("letters")
    }

    /// Returns whether eight bytes in a row are from a value.
    pub(super) fn are_in(&self, bytes: &[u8]) -> bool {
        bytes.windows(WINDOW).any(|window| self.0.contains(window))
    }
}

#[test]
fn a_part_of_a_value_is_found() {
    let mut leaks = Leaks::default();
    let value = leaks.value(&mut Rng::new(1, 1));
    let text = |part: &str| format!("secrets: [\"{part}\"]").into_bytes();
    assert!(leaks.are_in(&text(&value[5..13])));
    assert!(!leaks.are_in(&text(&value[5..12])));
}
