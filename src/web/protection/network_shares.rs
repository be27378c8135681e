//! Fair shares: how much one client network may have of something at the same time, so that others get their part.

use std::hash::{BuildHasher, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counters in each row. Networks that fall on the same one share it; a network is refused only where both of its
/// counters are full, which happens to one bystander in 16 million for each network that uses up its share.
const COUNTERS: usize = 4_096;
/// Rows, each with a hash of its own whose key nobody knows.
const ROWS: usize = 2;

/// The shares of all networks, in memory that does not grow with them. Clones share it.
#[derive(Clone, Debug)]
pub struct NetworkShares(Arc<Rows>);

#[derive(Debug)]
struct Rows {
    most: usize,
    keys: [RandomState; ROWS],
    counters: [Box<[AtomicUsize]>; ROWS],
}

impl NetworkShares {
    /// Each network may have `most` at the same time.
    #[must_use]
    pub fn new(most: usize) -> Self {
        let counters = || (0..COUNTERS).map(|_| AtomicUsize::new(0)).collect();
        Self(Arc::new(Rows {
            most,
            keys: std::array::from_fn(|_| RandomState::new()),
            counters: std::array::from_fn(|_| counters()),
        }))
    }

    /// One more for the network of this address; nothing when it has its share.
    #[must_use]
    pub fn take(&self, address: IpAddr) -> Option<Share> {
        let network = network(address);
        let places = std::array::from_fn(|row| {
            let hash = self.0.keys.get(row).map_or(0, |key| key.hash_one(network));
            usize::try_from(hash % COUNTERS as u64).unwrap_or_default()
        });
        let share = Share { rows: Arc::clone(&self.0), places };
        // All rows are counted up, whatever the first one says: the guard counts them all down.
        let least = share.counters().map(|counter| counter.fetch_add(1, Ordering::Relaxed)).min();
        least.is_some_and(|least| least < self.0.most).then_some(share)
    }
}

/// What a network has; given back when this goes.
#[derive(Debug)]
pub struct Share {
    rows: Arc<Rows>,
    places: [usize; ROWS],
}

impl Share {
    fn counters(&self) -> impl Iterator<Item = &AtomicUsize> {
        self.rows.counters.iter().zip(self.places).filter_map(|(row, place)| row.get(place))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        for counter in self.counters() {
            counter.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// An IPv4 address is a network of its own; one IPv6 subscriber has a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_network_gets_its_share_and_leaves_that_of_others() {
        let shares = NetworkShares::new(2);
        let taken = [shares.take(address("2001:db8::1")), shares.take(address("2001:db8::2"))];
        assert!(taken.iter().all(Option::is_some));
        assert!(shares.take(address("2001:db8::3")).is_none(), "of the same /64");
        assert!(shares.take(address("2001:db8:0:1::1")).is_some() && shares.take(address("192.0.2.1")).is_some());
        drop(taken);
        assert!(shares.take(address("2001:db8::3")).is_some());
    }
}
