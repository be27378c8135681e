//! The links by which somebody logs in or signs up with another provider. They are links and no forms: browsers stop the
//! redirect of a form to another site, as `form-action 'self'` asks of them (webappsec-csp#8).

use crate::config::Config;
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
    let links = config.providers.iter().map(|provider| ProviderLink {
        label: provider.label.clone(),
        path: paths::accounts::log_in_with(provider.name, next),
    });
    links.collect()
}
