//! The cookies of a run: where they come from, and where they are saved.

use super::exit::Failure;
use super::plan::CookiePlan;
use crate::cookie::Jar;

/// The files behind a run's jar.
#[derive(Default)]
pub(super) struct Jars;
impl Jars {
    pub(super) fn open(plan: &CookiePlan) -> Result<(Jars, Option<Jar>), Failure> {
        Ok((Jars, plan.engine.then(Jar::default)))
    }
    pub(super) fn save(&mut self, _: &mut Jar) -> Result<(), Failure> {
        Ok(())
    }
}
