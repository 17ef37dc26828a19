//! How fast and how slow transfers may be: `--limit-rate`, `-Y`, `-y`.

use super::exit::Failure;
use super::values;
use crate::net::{Least, Speeds};
use std::time::Duration;

/// For how long a transfer may be slow where only `-Y` is given, as in curl.
const USUALLY_SLOW_FOR: u32 = 30;

/// How slow it may be where only `-y` is given, as in curl: anything is faster than nothing.
const USUAL_LEAST: u32 = 1;

/// The flags of this file, as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Given {
    pub(super) limit_rate: Option<String>,
    pub(super) speed_limit: Option<String>,
    pub(super) speed_time: Option<String>,
}

impl Given {
    /// # Errors
    /// Exit 2: what is no number.
    pub(super) fn speeds(&self) -> Result<Speeds, Failure> {
        let most = self.limit_rate.as_deref().map(|text| values::bytes("limit-rate", text));
        let count = |flag, text: &Option<String>| {
            text.as_deref().map(|text| values::count(flag, text)).transpose()
        };
        let limit = count("speed-limit", &self.speed_limit)?;
        let time = count("speed-time", &self.speed_time)?;
        let given = limit.is_some() || time.is_some();
        // Nothing is slower than 0, and no time is no time limit.
        let bytes = u64::from(limit.unwrap_or(USUAL_LEAST));
        let seconds = u64::from(time.unwrap_or(USUALLY_SLOW_FOR));
        let least = Least { bytes, during: Duration::from_secs(seconds) };
        Ok(Speeds {
            most: most.transpose()?,
            least: Some(least).filter(|_| given && bytes > 0 && seconds > 0),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn least(limit: Option<&str>, time: Option<&str>) -> Option<(u64, u64)> {
        let (speed_limit, speed_time) = (limit.map(str::to_owned), time.map(str::to_owned));
        let speeds = Given { limit_rate: None, speed_limit, speed_time }.speeds().unwrap();
        speeds.least.map(|least| (least.bytes, least.during.as_secs()))
    }

    #[test]
    fn each_of_the_two_has_a_value_without_the_other() {
        assert_eq!(least(None, None), None);
        assert_eq!(least(Some("100"), None), Some((100, 30)));
        assert_eq!(least(None, Some("7")), Some((1, 7)));
        assert_eq!(least(Some("0"), Some("7")), None);
        assert_eq!(least(Some("7"), Some("0")), None);
    }
}
