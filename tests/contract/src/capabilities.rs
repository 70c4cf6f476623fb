//! What a store cannot do does not compile.
//!
//! Each pair differs in one place: the first compiles, and the second fails with this error. The
//! first shows that nothing else is wrong with the second, since only a nightly toolchain compares
//! the code of the error.

macro_rules! pairs {
    ($($name:ident: $compiles:literal, $fails:literal, $code:literal;)*) => {
        $(
            #[doc = concat!("```no_run\n", pairs!(in $compiles), "\n```")]
            #[doc = concat!("```compile_fail,", $code, "\n", pairs!(in $fails), "\n```")]
            mod $name {}
        )*
    };
    (in $call:literal) => {
        concat!(
            "# use github_secrets::*;\n",
            "# async fn example(github: GitHub) -> Result<(), Box<dyn std::error::Error>> {\n",
            "# let org = github.org(\"acme\")?;\n",
            "# let repo = github.repo(\"acme/website\")?;\n",
            "# let environment = repo.environment(\"production\")?;\n",
            "# let user = github.user();\n",
            "# let all = Visibility::All;\n",
            "# let none = Repositories::none();\n",
            "# let new = NewSecret::new(\"A\", \"value\")?;\n",
            "# let auth = RegistryAuth::token(\"value\");\n",
            $call,
            "\n# Ok(())\n# }\n",
        )
    };
}

pairs! {
    the_secrets_of_a_repository_have_no_visibility:
        "repo.actions().set(\"A\", \"value\").await?;",
        "repo.actions().set(\"A\", \"value\", all).await?;", "E0061";
    the_secrets_of_a_repository_in_other_stores_have_no_visibility:
        "repo.dependabot().set(\"A\", \"value\").await?;",
        "repo.dependabot().set(\"A\", \"value\", all).await?;", "E0061";
    the_secrets_of_an_environment_have_no_visibility:
        "environment.set(\"A\", \"value\").await?;",
        "environment.set(\"A\", \"value\", all).await?;", "E0061";
    the_secrets_of_a_user_have_repositories_and_no_visibility:
        "user.codespaces().set(\"A\", \"value\", none).await?;",
        "user.codespaces().set(\"A\", \"value\", all).await?;", "E0308";
    the_secrets_of_a_user_are_not_set_without_repositories:
        "user.codespaces().set(\"A\", \"value\", none).await?;",
        "user.codespaces().set(\"A\", \"value\").await?;", "E0061";
    the_secrets_of_an_organization_are_not_set_without_a_visibility:
        "org.actions().set(\"A\", \"value\", all).await?;",
        "org.actions().set(\"A\", \"value\").await?;", "E0061";
    a_rotation_takes_no_visibility:
        "org.actions().rotate(\"A\", \"value\").await?;",
        "org.actions().rotate(\"A\", \"value\", all).await?;", "E0061";
    a_repository_has_no_access_to_change:
        "org.actions().set_access(\"A\", all).await?;",
        "repo.actions().set_access(\"A\", all).await?;", "E0599";
    an_environment_has_no_access_to_change:
        "org.actions().set_access(\"A\", all).await?;",
        "environment.set_access(\"A\", all).await?;", "E0599";
    a_user_has_no_access_to_change:
        "org.codespaces().set_access(\"A\", all).await?;",
        "user.codespaces().set_access(\"A\", all).await?;", "E0599";
    the_secrets_of_a_repository_have_no_selected_repositories:
        "org.codespaces().repositories(\"A\")?;",
        "repo.codespaces().repositories(\"A\")?;", "E0599";
    the_secrets_of_an_environment_have_no_selected_repositories:
        "user.codespaces().repositories(\"A\")?;",
        "environment.repositories(\"A\")?;", "E0599";
    an_organization_shares_no_dependabot_secrets_with_a_repository:
        "repo.actions().organization_secrets();",
        "repo.dependabot().organization_secrets();", "E0599";
    an_organization_shares_no_codespaces_secrets_with_a_repository:
        "repo.agents().organization_secrets();",
        "repo.codespaces().organization_secrets();", "E0599";
    an_organization_shares_no_secrets_with_itself:
        "repo.actions().organization_secrets();",
        "org.actions().organization_secrets();", "E0599";
    an_organization_shares_no_secrets_with_an_environment:
        "repo.actions().organization_secrets();",
        "environment.organization_secrets();", "E0599";
    a_batch_for_an_organization_takes_no_secret_without_a_visibility:
        "let _ = org.actions().set_all([new.visibility(all)]).await?;",
        "let _ = org.actions().set_all([new]).await?;", "E0271";
    a_batch_for_an_organization_takes_no_secret_of_a_user:
        "let _ = org.actions().set_all([new.visibility(all)]).await?;",
        "let _ = org.actions().set_all([new.repositories(none)]).await?;", "E0271";
    a_batch_for_a_repository_takes_no_secret_with_a_visibility:
        "let _ = repo.actions().set_all([new]).await?;",
        "let _ = repo.actions().set_all([new.visibility(all)]).await?;", "E0271";
    a_batch_for_a_user_takes_no_secret_with_a_visibility:
        "let _ = user.codespaces().set_all([new.repositories(none)]).await?;",
        "let _ = user.codespaces().set_all([new.visibility(all)]).await?;", "E0271";
    a_user_has_codespaces_secrets_only:
        "user.codespaces();",
        "user.actions();", "E0599";
    a_repository_has_no_private_registries:
        "org.private_registries();",
        "repo.private_registries();", "E0599";
    a_registry_with_oidc_has_no_value:
        "RegistryAuth::Token(\"value\".into());",
        "RegistryAuth::Oidc(\"value\".into());", "E0277";
    the_way_a_registry_authenticates_is_not_changed:
        "org.private_registries().update(\"A\", RegistryUpdate::new().value(\"b\")).await?;",
        "org.private_registries().update(\"A\", RegistryUpdate::new().auth(auth)).await?;", "E0599";
}
