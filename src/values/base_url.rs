//! `BASE_URL`: where visitors find the site.

use std::str::FromStr;

use url::Url;

/// Scheme, host and port of the site, without a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    host: String,
}

impl BaseUrl {
    /// The address of a site that runs on this machine.
    #[must_use]
    pub fn local(port: u16) -> Self {
        Self { origin: format!("http://localhost:{port}"), host: "localhost".to_owned() }
    }

    /// `https://biovity.cl`, without a slash at the end: what a path is appended to, and what `Origin` must equal.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port as a `Host` header names them.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, authority)| authority)
    }

    /// The host alone, as in `Message-ID`.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Whether visitors come by https, which means production.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.starts_with("https:")
    }
}

impl FromStr for BaseUrl {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let url = Url::parse(text).map_err(|_| ())?;
        let bare = matches!(url.path(), "" | "/")
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty();
        let host = url.host_str().filter(|_| bare && matches!(url.scheme(), "http" | "https")).ok_or(())?;
        Ok(Self { origin: url.origin().ascii_serialization(), host: host.to_owned() })
    }
}
