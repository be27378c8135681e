//! What names stand for, at the moment of the connection: the addresses that are looked at are the ones that are called, so
//! that a name which changes its answer in between (DNS rebinding) gains nothing.

use std::error::Error;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::net::lookup_host;

use super::answer::Problem;
use super::public_address::is_public;

/// Finds the addresses of a name.
pub type Lookup = Arc<dyn Fn(String) -> Found + Send + Sync>;

/// The addresses of a name, once they are found.
pub type Found = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send>>;

/// Gives the connection public addresses only, unless the host is allowed.
pub(super) struct PublicResolver {
    pub(super) lookup: Lookup,
    pub(super) allowed_hosts: Arc<[String]>,
}

impl Resolve for PublicResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str().to_owned();
        let is_allowed = self.allowed_hosts.contains(&name);
        let found = (self.lookup)(name);
        Box::pin(async move {
            let mut addresses = found.await.map_err(|_| Problem::Name)?;
            if addresses.is_empty() {
                return Err(boxed(Problem::Name));
            }
            addresses.retain(|address| is_allowed || is_public(*address));
            if addresses.is_empty() {
                return Err(boxed(Problem::Private));
            }
            // The port is that of the URL.
            let addresses: Addrs = Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}

fn boxed(problem: Problem) -> Box<dyn Error + Send + Sync> {
    Box::new(problem)
}

/// By the operating system.
pub(super) fn system() -> Lookup {
    Arc::new(|name| Box::pin(async move { Ok(lookup_host((name, 0)).await?.map(|address| address.ip()).collect()) }))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the connection is given for a name that stands for these addresses.
    async fn given(addresses: &[&str], allowed_hosts: &[&str]) -> Option<Vec<String>> {
        let addresses: Vec<IpAddr> = addresses.iter().map(|address| address.parse().unwrap()).collect();
        let resolver = PublicResolver {
            lookup: Arc::new(move |_| Box::pin(std::future::ready(Ok(addresses.clone())))),
            allowed_hosts: allowed_hosts.iter().map(|host| (*host).to_owned()).collect(),
        };
        let public = resolver.resolve("hooks.test".parse().unwrap()).await.ok()?;
        Some(public.map(|address| address.ip().to_string()).collect())
    }

    #[tokio::test]
    async fn of_a_name_with_public_and_private_addresses_the_public_ones_alone_are_called() {
        let both = ["127.0.0.1", "1.1.1.1", "::ffff:10.0.0.1", "2606:4700::1111", "169.254.169.254"];
        let public = ["1.1.1.1", "2606:4700::1111"].map(str::to_owned);
        assert_eq!(given(&both, &[]).await, Some(public.to_vec()));
        assert_eq!(given(&both, &["other.test"]).await, Some(public.to_vec()));
        assert_eq!(given(&both, &["hooks.test"]).await, Some(both.map(str::to_owned).to_vec()));
        assert_eq!(given(&["127.0.0.1"], &[]).await, None);
        assert_eq!(given(&[], &["hooks.test"]).await, None);
    }
}
