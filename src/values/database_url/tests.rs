//! What is read of a database URL, and what libpq is given.

use super::*;

fn url(text: &str) -> DatabaseUrl {
    DatabaseUrl::parse(text).unwrap()
}

#[test]
fn poolers_are_recognized() {
    for text in [
        "postgres://u:p@aws-0-sa-east-1.pooler.supabase.com:6543/postgres",
        "postgresql://u@db:6543/x",
        "postgresql://u@bouncer/x?pgbouncer=true",
        "postgresql:///x?host=db&port=6543",
    ] {
        assert!(url(text).is_pooled(), "{text}");
    }
    assert!(!url("postgresql://pooler.:6543@db:5432/x").is_pooled());
    assert!(!url("postgresql:///biovity?host=%2Frun&user=biovity").is_pooled());
}

#[test]
fn libpq_gets_what_it_knows() {
    let text = url("postgresql://a,b/x?pgbouncer=true&target_session_attrs=read-write&connect_timeout=2").for_libpq();
    assert!(
        text.starts_with("postgresql://a,b/x?target_session_attrs=read-write&connect_timeout=2&keepalives_idle=10")
    );
    assert_eq!(text.matches("connect_timeout").count(), 1);
}

#[test]
fn each_further_host_is_named_alone_with_what_is_its_own() {
    let further = |text: &str| -> Vec<_> {
        let urls: Vec<_> = url(text).for_libpq_by_further_host().collect();
        assert!(urls.iter().all(|url| url.matches("target_session_attrs=").count() == 1), "{urls:?}");
        assert!(urls.iter().all(|url| url.contains("connect_timeout=2")), "{urls:?}");
        let own = |p: &&str| ["host=", "port=", "hostaddr="].iter().any(|name| p.starts_with(name));
        let short = |url: &String| {
            let (address, query) = url.split_once('?').unwrap();
            [address].into_iter().chain(query.split('&').filter(own)).collect::<Vec<_>>().join(" ")
        };
        urls.iter().map(short).collect()
    };
    assert_eq!(
        further("postgres://a,b:pw@a,b:2,c/x?options=a,b"),
        ["postgres://a,b:pw@c/x", "postgres://a,b:pw@b:2/x"]
    );
    assert_eq!(further("postgres://u@a,b/x?port=1,2"), ["postgres://u@b/x port=2"]);
    assert_eq!(further("postgres://u@a,b/x?port=1"), ["postgres://u@b/x port=1"]);
    assert_eq!(
        further("postgres://u@a,b/x?hostaddr=10.0.0.1%2C10.0.0.2&port=1%2c2"),
        ["postgres://u@b/x hostaddr=10.0.0.2 port=2"]
    );
    assert_eq!(further("postgres:///x?host=a,b"), ["postgres:///x host=b"]);
    assert_eq!(further("postgres://u@a,b/x?target_session_attrs=any"), ["postgres://u@b/x"]);
    for text in ["postgres://u@a", "postgres:///x?host=a", "postgres://"] {
        assert_eq!(url(text).for_libpq_by_further_host().count(), 0, "{text}");
    }
}

#[test]
fn ports_are_those_of_the_hosts() {
    assert_eq!(url("postgres://u:p@a:1,[::1]:2/x").ports(), [1, 2]);
    assert_eq!(url("postgres:///x?host=a,b&port=3,4").ports(), [3, 4]);
    assert_eq!(url("postgres://u:p@a,b/x").ports(), [5432, 5432]);
    assert_eq!(url("postgres://u@a,b:6000/x").ports(), [5432, 6000]);
    assert_eq!(url("postgres:///x?host=a%2Cb&port=5432%2C5433").ports(), [5432, 5433]);
}

#[test]
fn of_several_hosts_none_keeps_a_connection_waiting_for_long() {
    for text in ["postgres://u:p@a,b/x", "postgres://u@a:1,b:2/x?sslmode=require", "postgres:///x?host=a%2Cb"] {
        assert!(url(text).for_libpq().contains("connect_timeout=2&"), "{text}");
    }
    for text in ["postgres://u:p,q@a/x", "postgres:///x?host=db&application_name=a,b"] {
        assert!(url(text).for_libpq().contains("connect_timeout=5&"), "{text}");
    }
    assert!(url("postgres://a,b/x?connect_timeout=9").for_libpq().contains("connect_timeout=9&"));
}

#[test]
fn any_host_serves_where_it_is_only_read() {
    let further = |url: DatabaseUrl| url.for_libpq_by_further_host().next().unwrap();
    assert!(further(url("postgres://a,b/x")).ends_with("target_session_attrs=read-write"));
    for text in ["postgres://a,b/x", "postgres:///x?host=a,b"] {
        let further = further(url(text).for_reading());
        assert!(further.contains("target_session_attrs=any") && !further.contains("read-write"), "{further}");
    }
    assert_eq!(
        url("postgres://a,b/x?target_session_attrs=standby").for_reading().0,
        "postgres://a,b/x?target_session_attrs=standby"
    );
}

#[test]
fn no_piece_of_a_password_is_left_in_what_libpq_says() {
    let said = "invalid port: \"hun/ter\" hun ter pa%ss pa ss x y@z y%40z in \"postgres://u:hun/ter@db/x\" of u at db";
    for (text, left) in [
        (
            "postgres://u:hun/ter@db/x",
            "invalid port: \"…\" … … pa%ss pa ss x y@z y%40z in \"postgres://u:…@db/x\" of u at db",
        ),
        (
            "postgres://u@db/x?password=y%40z",
            "invalid port: \"hun/ter\" hun ter pa%ss pa ss x … … in \"postgres://u:hun/ter@db/x\" of u at db",
        ),
        ("postgres://u@db/x", said),
    ] {
        assert_eq!(url(text).without_secrets(said), left);
    }
}

#[test]
fn the_password_never_prints() {
    assert_eq!(format!("{:?}", url("postgres://u:secret@db/x")), "DatabaseUrl(…)");
    assert!(DatabaseUrl::parse("mysql://db/x").is_none());
}

#[test]
fn hosts_that_all_hang_are_waited_for_once() {
    let seconds = |text: &str| url(text).patience().as_secs();
    assert_eq!(seconds("postgres://a,b,c,d/x"), 8);
    assert_eq!(seconds("postgres:///x?host=a%2Cb&connect_timeout=9"), 18);
    assert_eq!(seconds("postgres://a,b/x?connect_timeout=1"), 4);
    assert_eq!(seconds("postgres://a,b/x?connect_timeout=0"), 4);
    assert_eq!(seconds("postgres://a/x"), 5);
}

#[test]
fn ports_that_belong_to_no_host_are_told() {
    for text in [
        "postgres:///x?host=a,b&port=1,2",
        "postgres:///x?host=a,b&port=1",
        "postgres:///x?host=a%2Cb&port=1%2C2",
        "postgres://a,b:2/x",
        "postgres://a:1/x?host=b,c",
        "postgres://a:1,b:2,c:3/x?host=d,e&port=",
        "postgres://u:p,q@a/x?port=1",
        "postgres:///x?port=1,2",
        "postgres:///x?hostaddr=::1,127.0.0.1&port=1,2",
        "postgres://a,b/x?hostaddr=10.0.0.1,10.0.0.2",
        "postgres://a/x",
        "postgres://",
    ] {
        assert_eq!(url(text).mismatch(), None, "{text}");
    }
    for (text, told) in [
        ("postgres:///x?host=a,b&port=1,2,3", "(hosts: 2, ports: 3): give one port"),
        ("postgres:///x?host=a%2cb&port=1%2C2%2C3", "(hosts: 2, ports: 3): give one port"),
        ("postgres://u:hunter2@a,b,c/x?port=1,2", "(hosts: 3, ports: 2): give one port"),
        ("postgres://a/x?port=1,2", "(hosts: 1, ports: 2): give one port"),
        ("postgres://a:1,b:2/x?host=c,d,e", "(hosts: 3, ports: 2): give one port"),
        ("postgres://a/x?hostaddr=10.0.0.1,10.0.0.2", "(host: 1, hostaddr: 2): give one address"),
        ("postgres://a,b/x?hostaddr=10.0.0.1,10.0.0.2&port=1,2,3", "(hosts: 2, ports: 3): give one port"),
    ] {
        let mismatch = url(text).mismatch().unwrap_or_default();
        assert!(mismatch.contains(told) && !mismatch.contains("hunter2"), "{text}: {mismatch}");
    }
}
