//! What somebody may have meant by a name that does not exist.

/// Returns the name that was given with a slip. Who follows such advice can delete something, so
/// nothing is proposed that merely resembles it.
pub(super) fn with_a_slip<'a>(
    given: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = names.into_iter().filter_map(|name| {
        let slips = slips(given, name);
        (slips <= allowed(name)).then_some((slips, name))
    });
    near.min().map(|(_, name)| name)
}

/// Returns the longest name that begins what was given, as `org` does `organization`.
pub(super) fn beginning<'a>(
    given: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    const SHORTEST: usize = 3;
    let begins = |name: &&str| name.len() >= SHORTEST && given.starts_with(name);
    names
        .into_iter()
        .filter(begins)
        .max_by_key(|name| name.len())
}

/// Returns with how many slips a name of this length is recognized.
fn allowed(name: &str) -> usize {
    match name.len() {
        ..3 => 0,
        3..8 => 1,
        8.. => 2,
    }
}

/// Returns how many letters are missing, too many, wrong, or exchanged with the next one.
fn slips(given: &str, name: &str) -> usize {
    let (given, name): (Vec<char>, Vec<char>) = (given.chars().collect(), name.chars().collect());
    let mut rows = vec![(0..=name.len()).collect::<Vec<usize>>()];
    for (i, letter) in given.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, other) in name.iter().enumerate() {
            let wrong = rows[i][j] + usize::from(letter != other);
            let mut least = wrong.min(rows[i][j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *letter == name[j - 1] && given[i - 1] == *other {
                least = least.min(rows[i - 1][j - 1] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[given.len()][name.len()]
}
