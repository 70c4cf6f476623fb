//! The order in which the pages of a list without a count are read.
//!
//! The oldest entries come first. When one is removed, those after it move towards the first page:
//! past a reader that goes forwards, and towards one that goes backwards, who sees them again. So
//! the first page only shows which page is the last one, and the others are read from there back to
//! the first one.

use crate::ResponseProblem;

/// The page that was read last, and where the reading goes.
#[derive(Debug)]
pub(super) struct Backwards {
    page: usize,
    is_at_end: bool,
}

/// What a page says about others.
pub(super) struct PageSeen {
    pub(super) is_full: bool,
    /// Whether some of its entries were not seen before.
    pub(super) is_new: bool,
    /// Whether it has links to any pages: without any, they may have been dropped.
    pub(super) has_links: bool,
    pub(super) has_next: bool,
    pub(super) last: Option<usize>,
}

impl Backwards {
    /// Begins with the first page.
    pub(super) fn begin() -> Self {
        Self {
            page: 1,
            is_at_end: false,
        }
    }

    /// Returns the page that is read after this one, or `None` after the last.
    pub(super) fn after(&mut self, seen: &PageSeen) -> Result<Option<usize>, ResponseProblem> {
        self.is_at_end |= !seen.has_next && (!seen.is_full || seen.has_links);
        if self.is_at_end {
            self.page -= 1;
            return Ok((self.page > 0).then_some(self.page));
        }
        if !seen.is_new {
            // Pages that repeat each other have no last one.
            return Err(ResponseProblem::ListChanged);
        }
        let last = seen.last.filter(|last| *last > self.page);
        self.page = last.unwrap_or(self.page + 1);
        Ok(Some(self.page))
    }
}

#[cfg(test)]
mod tests {
    use super::{Backwards, PageSeen};

    /// Returns the pages that are read of a list of so many entries.
    fn order(entries: usize, has_links: bool, has_last: bool) -> Vec<usize> {
        let (mut reading, mut page, mut pages) = (Backwards::begin(), 1, Vec::new());
        let last = entries.div_ceil(100).max(1);
        loop {
            pages.push(page);
            let seen = PageSeen {
                is_full: page * 100 <= entries,
                is_new: true,
                has_links: has_links && last > 1,
                has_next: has_links && page < last,
                last: (has_links && has_last && page < last).then_some(last),
            };
            match reading.after(&seen).expect("a list with an end") {
                Some(next) => page = next,
                None => return pages,
            }
        }
    }

    #[test]
    fn the_last_page_is_read_first_and_the_first_one_again() {
        assert_eq!(order(99, true, true), [1]);
        assert_eq!(order(100, true, true), [1, 2, 1]);
        assert_eq!(order(101, true, true), [1, 2, 1]);
        assert_eq!(order(300, true, true), [1, 3, 2, 1]);
    }

    #[test]
    fn the_last_page_is_looked_for_where_nothing_names_it() {
        assert_eq!(order(250, true, false), [1, 2, 3, 2, 1]);
        assert_eq!(order(250, false, false), [1, 2, 3, 2, 1]);
        assert_eq!(order(300, false, false), [1, 2, 3, 4, 3, 2, 1]);
        assert_eq!(order(99, false, false), [1]);
    }
}
