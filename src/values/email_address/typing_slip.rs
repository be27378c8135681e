//! Slips of the fingers in the domain of an address: it is one letter off a domain that very many people have.

use super::EmailAddress;

/// The domains of most addresses in Chile.
const COMMON: [&str; 12] = [
    "gmail.com",
    "hotmail.com",
    "hotmail.cl",
    "hotmail.es",
    "outlook.com",
    "outlook.cl",
    "outlook.es",
    "yahoo.com",
    "yahoo.es",
    "yahoo.cl",
    "icloud.com",
    "uchile.cl",
];

/// A domain, taken apart at its first dot.
struct Domain<'a> {
    name: &'a str,
    end: &'a str,
}

impl EmailAddress {
    /// The address that was meant, most likely: a letter of the domain is missing, too much, another one, or in the place of
    /// the one beside it. Domains that are as close and real differ in the first letter (`ymail.com`, `cloud.com`) or are of
    /// another country (`yahoo.ca`): those are not taken for a slip.
    #[must_use]
    pub fn likely_meant(&self) -> Option<Self> {
        let (local, domain) = self.0.split_once('@')?;
        if COMMON.contains(&domain) {
            return None;
        }
        let typed = Domain::of(domain)?;
        let meant =
            COMMON.into_iter().find(|common| Domain::of(common).is_some_and(|common| typed.is_slip_of(&common)))?;
        Some(Self(format!("{local}@{meant}")))
    }
}

impl<'a> Domain<'a> {
    fn of(domain: &'a str) -> Option<Self> {
        domain.split_once('.').map(|(name, end)| Self { name, end })
    }

    fn is_slip_of(&self, common: &Domain<'_>) -> bool {
        let begins_alike = self.name.as_bytes().first() == common.name.as_bytes().first();
        let of_name = begins_alike && self.end == common.end && strsim::osa_distance(self.name, common.name) == 1;
        // The two letters of a country are as close to those of another country.
        let of_end = self.name == common.name && common.end == "com" && strsim::osa_distance(self.end, common.end) == 1;
        of_name || of_end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(domain: &str) -> Option<String> {
        let address = EmailAddress::parse(&format!("ana.rojas@{domain}")).unwrap();
        address.likely_meant().map(|meant| meant.as_str().trim_start_matches("ana.rojas@").to_owned())
    }

    #[test]
    fn one_letter_off_a_common_domain_is_a_slip() {
        for (domains, common) in [
            ("gmial.com gmai.com gmal.com gnail.com gmaill.com gamil.com Gmail.con gmail.cmo gmail.co", "gmail.com"),
            ("hotmial.com hotmal.com hormail.com hotmail.con hotmaill.com hotmail.cm", "hotmail.com"),
            ("hotmial.cl hotmil.cl", "hotmail.cl"),
            ("outlok.com outloook.com outlook.om", "outlook.com"),
            ("outlok.es", "outlook.es"),
            ("yahooo.com yaho.com yahoo.comm", "yahoo.com"),
            ("iclod.com icluod.com", "icloud.com"),
            ("uchiel.cl", "uchile.cl"),
        ] {
            for domain in domains.split(' ') {
                assert_eq!(meant(domain).as_deref(), Some(common), "{domain}");
            }
        }
    }

    #[test]
    fn real_domains_are_left_alone() {
        let common = COMMON.join(" ");
        let real = "gmail.cl mail.com ymail.com email.com fastmail.com googlemail.com gmx.com live.cl live.com live.cn msn.com \
                    me.com mac.com cloud.com uc.cl puc.cl udec.cl usach.cl uach.cl ug.uchile.cl u.uchile.cl vtr.net \
                    hotmail.fr hotmail.ch hotmail.co.uk hotmail.com.ar yahoo.ca yahoo.it yahoo.com.ar yahoo.co.uk \
                    outlook.cz outlook.com.br proton.me biovity.cl example.com gmail.example.cl";
        for domain in real.split(' ').chain(common.split(' ')) {
            assert_eq!(meant(domain), None, "{domain}");
        }
    }
}
