//! The worked examples beside the secret: they run as they stand there.

use std::io::ErrorKind;
use std::process::Command;

use serde_json::json;

use super::receiver::{Message, Receiver};
use crate::support::TestSite;

/// The three examples, as a page shows them, and the secret of the endpoint that they are about.
async fn examples(site: &TestSite, receiver: &Receiver) -> (Vec<String>, String) {
    let admin = site.admin("admin@example.cl").await;
    let fields = [("url", receiver.url.as_str()), ("event", "waitlist.joined")];
    let (path, secret) = super::endpoint_page::create(&admin, &fields).await;
    let page = admin.get(&path).await.has_status(200);
    admin.post(&format!("{path}/probe"), &[]).await.redirects_to(&path);
    (page.listings("pre.mail-text"), secret)
}

/// What it prints; nothing, and a line that says so, where there is no such program.
#[expect(clippy::disallowed_methods, reason = "a command runs as a receiver's, beside the site")]
async fn run(program: &'static str, arguments: Vec<String>) -> Option<String> {
    let output = tokio::task::spawn_blocking(move || Command::new(program).args(arguments).output()).await.unwrap();
    if output.as_ref().is_err_and(|error| error.kind() == ErrorKind::NotFound) {
        println!("not run: {program} is missing");
        return None;
    }
    let output = output.unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}

/// The arguments of a call of the example's function: with the message as it came, and with another body.
fn call(secret: &str, message: &Message) -> [String; 2] {
    let headers: serde_json::Map<_, _> =
        message.headers.iter().map(|(name, value)| (name.to_string(), json!(value.to_str().unwrap()))).collect();
    ["", " "].map(|more| json!([secret, headers, format!("{}{more}", message.body)]).to_string())
}

#[tokio::test]
async fn the_example_of_a_shell_sends_what_the_reference_takes_as_signed() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let (examples, secret) = examples(&site, &receiver).await;
    let script = examples[0].replace("whsec_…", &secret).replace("http://localhost:3000/", &receiver.url);
    assert!(script.contains(&secret) && script.contains(&receiver.url));
    for (program, version) in [("openssl", "version"), ("curl", "--version")] {
        if run(program, vec![version.to_owned()]).await.is_none() {
            return;
        }
    }
    if run("bash", vec!["-ec".to_owned(), script]).await.is_some() {
        let message = receiver.messages().pop().unwrap();
        assert_eq!((message.id(), &message.json()["type"]), ("msg_1", &json!("webhook.probe")));
        assert!(message.is_signed_with(&secret));
    }
}

#[tokio::test]
async fn the_examples_of_python_and_javascript_tell_what_is_ours_from_what_is_not() {
    let (site, receiver) = (TestSite::start().await, Receiver::start().await);
    let (examples, secret) = examples(&site, &receiver).await;
    let probe = receiver.messages().pop().unwrap();
    for (arguments, ours) in call(&secret, &probe).into_iter().zip(["true", "false"]) {
        let python = "\nimport json, sys\nsecret, headers, body = json.loads(sys.argv[1])\n\
                      print(json.dumps(is_ours(secret, headers, body.encode())))";
        let said = run("python3", vec!["-c".to_owned(), format!("{}{python}", examples[1]), arguments.clone()]).await;
        assert!(said.is_none_or(|said| said == ours), "Python, {ours}");
        let script = format!("{}\nconsole.log(isOurs(...JSON.parse(process.argv[1])));", examples[2]);
        let said = run("node", vec!["--input-type=module".to_owned(), "-e".to_owned(), script, arguments]).await;
        assert!(said.is_none_or(|said| said == ours), "JavaScript, {ours}");
    }
}
