//! Rate limits in a set-up file.

use serde::Deserialize;

use crate::limits::Limits;

/// Limits to enforce. What is left out is as on GitHub.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LimitsDescription {
    time_scale: Option<u32>,
    status: Option<u16>,
    concurrent: Option<usize>,
    points_per_minute: Option<u32>,
    writes_per_minute: Option<u32>,
    writes_per_hour: Option<u32>,
    requests_per_hour: Option<u64>,
    #[serde(default)]
    counting: Counting,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Counting {
    #[default]
    Refilling,
    SlidingWindows,
    FixedWindows,
}

impl LimitsDescription {
    pub(crate) fn into_limits(self) -> Result<Limits, String> {
        if self
            .status
            .is_some_and(|status| status != 403 && status != 429)
        {
            return Err("limits: status must be 403 or 429".to_owned());
        }
        let mut limits = Limits::github();
        set(&mut limits, self.time_scale, Limits::scaled);
        set(&mut limits, self.status, Limits::status);
        set(&mut limits, self.concurrent, Limits::concurrent);
        set(
            &mut limits,
            self.points_per_minute,
            Limits::points_per_minute,
        );
        set(
            &mut limits,
            self.writes_per_minute,
            Limits::writes_per_minute,
        );
        set(&mut limits, self.writes_per_hour, Limits::writes_per_hour);
        set(
            &mut limits,
            self.requests_per_hour,
            Limits::requests_per_hour,
        );
        Ok(match self.counting {
            Counting::Refilling => limits,
            Counting::SlidingWindows => limits.in_sliding_windows(),
            Counting::FixedWindows => limits.in_fixed_windows(),
        })
    }
}

fn set<T>(limits: &mut Limits, value: Option<T>, setter: impl Fn(Limits, T) -> Limits) {
    if let Some(value) = value {
        *limits = setter(limits.clone(), value);
    }
}
