//! The repositories that lose a secret when its access is replaced.

use github_secrets::{
    AnyAccess, ListedRepository, Place, Repositories, RepositoryRef, SecretName, Visibility,
    VisibilityKind,
};

use crate::{
    console::{Console, printable},
    failure::Failure,
    session::Session,
};

/// Returns the repositories that can use the secret and could not with this access.
pub(super) async fn find(
    name: &SecretName,
    place: &Place,
    access: &AnyAccess,
    session: &Session<'_>,
) -> Result<Vec<String>, Failure> {
    if matches!(access, AnyAccess::Visibility(Visibility::All)) {
        return Ok(Vec::new());
    }
    let secrets = session.secrets(place);
    let Some(secret) = session.read(secrets.find(name)).await? else {
        // The change says what is wrong.
        return Ok(Vec::new());
    };
    let mut repositories = match (&secret.visibility, place.login()) {
        (Some(VisibilityKind::Selected), _) | (_, None) => {
            session
                .read(secrets.repositories(name)?.list().all())
                .await?
        }
        (_, Some(login)) => {
            let all = session.github.org(login)?.repositories().all();
            session.read(all).await?
        }
    };
    if secret.visibility == Some(VisibilityKind::Private) {
        repositories.retain(is_private);
    }
    repositories.retain(|repository| match access {
        AnyAccess::Visibility(Visibility::Private) => !is_private(repository),
        AnyAccess::Visibility(Visibility::Selected(kept)) | AnyAccess::Repositories(kept) => {
            !has(kept, repository)
        }
        _ => false,
    });
    Ok(repositories.into_iter().map(|it| it.full_name).collect())
}

/// Says which repositories lose the secret, and asks whether they shall.
///
/// # Errors
///
/// Returns [`Failure::Usage`] if nobody can be asked and `yes` was not given, and
/// [`Failure::Failed`] if the answer is no.
pub(super) async fn confirm(
    name: &SecretName,
    losing: &[String],
    yes: bool,
    console: &Console,
) -> Result<(), Failure> {
    let (count, noun, verb) = match losing.len() {
        0 => return Ok(()),
        1 => (1, "repository", "loses"),
        count => (count, "repositories", "lose"),
    };
    let lost = format!(
        "{count} {noun} {verb} {name}: {}",
        printable(&losing.join(", "))
    );
    if yes {
        console.note(lost);
        return Ok(());
    }
    if !Console::can_ask() {
        return Err(Failure::Usage(format!(
            "nothing was changed; with --yes, {lost}"
        )));
    }
    console.note(lost);
    if console.ask("Go on?").await? {
        return Ok(());
    }
    Err(Failure::Failed("nothing was changed".to_owned()))
}

fn is_private(repository: &ListedRepository) -> bool {
    repository.private != Some(false)
}

fn has(kept: &Repositories, repository: &ListedRepository) -> bool {
    kept.iter().any(|kept| match kept {
        RepositoryRef::Id(id) => *id == repository.id,
        RepositoryRef::Name(name) if name.contains('/') => {
            name.eq_ignore_ascii_case(&repository.full_name)
        }
        RepositoryRef::Name(name) => name.eq_ignore_ascii_case(&repository.name),
        _ => false,
    })
}
