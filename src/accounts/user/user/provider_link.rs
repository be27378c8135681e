//! The links by which somebody logs in or signs up with another provider. They are links and no forms: browsers stop the
//! redirect of a form to another site, as `form-action 'self'` asks of them (webappsec-csp#8).

use super::identity::Identity;
use crate::config::{Config, ProviderSettings};
use crate::values::account_kind::AccountKind;
use crate::values::site_path::SitePath;
use crate::web::paths;

/// One of them.
#[derive(Clone, Debug)]
pub struct ProviderLink {
    /// The provider's name as people read it.
    pub label: String,
    /// Where it leads.
    pub path: String,
}

/// One for each provider that the operator set, which go on to `next`.
#[must_use]
pub fn all(config: &Config, next: Option<&SitePath>) -> Vec<ProviderLink> {
    links(config.providers.iter(), |name| paths::accounts::log_in_with(name, next))
}

/// The same for newcomers who chose this kind of account.
#[must_use]
pub fn for_kind(config: &Config, kind: AccountKind) -> Vec<ProviderLink> {
    links(config.providers.iter(), |name| paths::accounts::sign_up_with(name, kind))
}

/// Those by which the owner of these identities proves to be there still, and goes on to `next`.
#[must_use]
pub fn to_prove(config: &Config, identities: &[Identity], next: Option<&SitePath>) -> Vec<ProviderLink> {
    let is_theirs = |provider: &&ProviderSettings| identities.iter().any(|own| own.provider == provider.name);
    links(config.providers.iter().filter(is_theirs), |name| paths::accounts::log_in_again_with(name, next))
}

fn links<'c>(
    providers: impl Iterator<Item = &'c ProviderSettings>,
    path: impl Fn(&str) -> String,
) -> Vec<ProviderLink> {
    providers.map(|provider| ProviderLink { label: provider.label.clone(), path: path(provider.name) }).collect()
}
