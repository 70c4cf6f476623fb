//! Two runs at once, on machines that began with copies of one state: two jobs of a workflow that
//! nothing queues. No lock reaches that far, so the state of one of them is lost.

use futures_util::future::join;

use super::{
    super::rng::Rng,
    Schedule,
    disk::Disk,
    run::{Party, Trouble},
};
use crate::Limits;

impl Schedule {
    /// Does two runs at once. The file may have changed between the beginnings of the two.
    pub(super) async fn run_twice(&mut self, troubles: [Trouble; 2]) {
        let [trouble, other] = troubles;
        self.forget_requests(Limits::none());
        self.is_honest = false;
        let first = self.party(trouble.end);
        let is_changed = self.rng.percent(50);
        if is_changed {
            self.change_file();
        }
        let second = self.party(other.end);
        let disk = Disk::new(Rng::new(self.seed, 80 + second.number));
        {
            let (from, mut to) = (self.disk.lock(), disk.lock());
            to.copies.clone_from(&from.copies);
            to.failing = from.failing;
        }
        let second = Party { disk, ..second };
        let (one, two) = join(self.run_of(&first, trouble), self.run_of(&second, other)).await;
        for ran in [one, two].into_iter().flatten() {
            if ran.is_complete && !is_changed {
                self.check_wanted(ran.since);
            }
        }
        // The later one to store its state wins.
        if self.rng.percent(50) {
            self.disk
                .lock()
                .copies
                .clone_from(&second.disk.lock().copies);
        }
    }
}
