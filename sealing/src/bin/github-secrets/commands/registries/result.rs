//! The one row of JSON about a change of a registry.

use github_secrets::{Place, SecretName};

use crate::{
    console::Console,
    failure::Failure,
    report::{Form, ItemResult, Report, Subject},
    session::Session,
};

pub(super) async fn report_change(
    place: &Place,
    name: impl Into<Option<SecretName>>,
    result: ItemResult,
    session: &Session<'_>,
    console: &Console,
) -> Result<(), Failure> {
    let mut report = Report::new(console, Subject::Registries, Form::Json);
    report.add(place, name, result).await;
    report.finish(session.is_interrupted().then_some("interrupted"))?;
    session.check_typed()
}
