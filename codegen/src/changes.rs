use crate::Description;
/// x
#[must_use]
pub fn changes(_: &Description, _: &Description) -> Vec<String> {
    vec![]
}
