//! A set-up file: everything that an emulator can start with.

use serde::Deserialize;

use crate::{
    fault::Fault,
    json::{placed_secret, repository_description::RepositoryDescription},
    limits::Limits,
    organization::Organization,
    place::Place,
    secret::StoredSecret,
    setup::{
        fault_description::FaultDescription, faults, limits_description::LimitsDescription,
        token_description::TokenDescription,
    },
    token::Token,
};

/// What a file describes, to be added to a builder.
pub(crate) struct Setup {
    pub(crate) organizations: Vec<Organization>,
    pub(crate) users: Vec<String>,
    pub(crate) secrets: Vec<(Place, StoredSecret)>,
    pub(crate) tokens: Vec<Token>,
    pub(crate) faults: Vec<Fault>,
    pub(crate) limits: Option<Limits>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    organizations: Vec<OrganizationDescription>,
    #[serde(default)]
    users: Vec<String>,
    #[serde(default)]
    secrets: Vec<Secret>,
    #[serde(default)]
    tokens: Vec<TokenDescription>,
    #[serde(default)]
    faults: Vec<FaultDescription>,
    limits: Option<LimitsDescription>,
}

#[derive(Deserialize)]
#[serde(transparent)]
struct Secret(#[serde(with = "placed_secret")] (Place, StoredSecret));

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganizationDescription {
    login: String,
    id: Option<u64>,
    /// Whether it is on the Free plan, which has no organization secrets.
    #[serde(default)]
    free_plan: bool,
    /// The address at which tokens are authorized for single sign-on.
    sso: Option<String>,
    #[serde(default)]
    hidden: bool,
    secret_limit: Option<usize>,
    #[serde(default)]
    repositories: Vec<RepositoryDescription>,
}

impl Setup {
    /// Parses a file, or says why it is not one.
    pub(crate) fn parse(json: &[u8]) -> Result<Self, String> {
        let file: File =
            serde_json::from_slice(json).map_err(|error| without_text(&error.to_string()))?;
        Ok(Self {
            organizations: file
                .organizations
                .into_iter()
                .map(OrganizationDescription::into_organization)
                .collect(),
            users: file.users,
            secrets: file.secrets.into_iter().map(|Secret(it)| it).collect(),
            tokens: file
                .tokens
                .into_iter()
                .map(TokenDescription::into_token)
                .collect::<Result<_, _>>()?,
            faults: file
                .faults
                .into_iter()
                .map(faults::described)
                .collect::<Result<_, _>>()?,
            limits: file
                .limits
                .map(LimitsDescription::into_limits)
                .transpose()?,
        })
    }
}

/// Leaves out of a message the text that was found in place of something else: a token, say.
fn without_text(message: &str) -> String {
    for kind in ["invalid type: string", "invalid value: string"] {
        if let Some(rest) = message.strip_prefix(kind)
            && let Some(at) = rest.rfind(", expected ")
        {
            return format!("{kind}{}", &rest[at..]);
        }
    }
    message.to_owned()
}

impl OrganizationDescription {
    fn into_organization(self) -> Organization {
        let repositories = self.repositories.into_iter();
        let mut organization = repositories
            .map(RepositoryDescription::into_repository)
            .fold(Organization::new(self.login), Organization::repository);
        organization.id = self.id;
        organization.plan = !self.free_plan;
        organization.authorization_url = self.sso;
        organization.hidden = self.hidden;
        organization.secret_limit = self.secret_limit;
        organization
    }
}
