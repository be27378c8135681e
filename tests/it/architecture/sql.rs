//! What a text says to the database.

/// Words that begin or join the parts of a statement. One alone may stand in a text for people.
const KEYWORDS: [&str; 22] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "FROM",
    "INTO",
    "WHERE",
    "JOIN",
    "SET",
    "ORDER",
    "GROUP",
    "LIMIT",
    "CASE",
    "WHEN",
    "EXISTS",
    "NULL",
    "IS",
    "AND",
    "OR",
    "UNION",
    "WITH",
    "RETURNING",
];

/// After these a table is named.
const BEFORE_TABLE: [&str; 7] = ["FROM", "JOIN", "INTO", "UPDATE", "TABLE", "USING", "ONLY"];

/// Whether the text is a statement or a condition, and no sentence.
pub fn is_statement(text: &str) -> bool {
    let mut seen: Vec<_> = tokens(text).into_iter().filter(|token| KEYWORDS.contains(token)).collect();
    seen.sort_unstable();
    seen.dedup();
    seen.len() > 1 || seen.first().is_some_and(|word| ["SELECT", "UPDATE", "INSERT", "CASE", "NULL"].contains(word))
}

/// Those of these tables that the text names, each once.
pub fn tables<'a>(text: &str, known: &[&'a str]) -> Vec<&'a str> {
    let tokens = tokens(text);
    let is_sql = is_statement(text);
    let is_named = |table: &&&str| {
        tokens.iter().enumerate().any(|(at, token)| is_table(&tokens, at, is_sql) && bare(token) == **table)
    };
    known.iter().filter(is_named).copied().collect()
}

/// Whether the name stands in the text as a word of its own, quoted or not.
pub fn has_word(text: &str, name: &str) -> bool {
    tokens(text).into_iter().any(|token| bare(token) == name)
}

/// Whether the word at this place can be a table's name.
fn is_table(tokens: &[&str], at: usize, is_sql: bool) -> bool {
    let word = tokens[at];
    let before = at.checked_sub(1).map_or("", |before| tokens[before]);
    let after = tokens.get(at + 1).copied().unwrap_or_default();
    // `audit_event` is a table's name wherever it stands, `account` is a word like others.
    let is_unmistakable = bare(word).contains('_');
    let is_quoted = word.starts_with('"') && (is_sql || tokens.len() == 1);
    let is_class = before == "'" && tokens[at..].get(1..5).is_some_and(|rest| rest == ["'", ":", ":", "regclass"]);
    let is_alias = tokens.windows(2).any(|pair| pair[0] == "AS" && bare(pair[1]) == bare(word));
    let is_place =
        BEFORE_TABLE.contains(&before) || before == "," && is_in_from(&tokens[..at]) || after == "." && !is_alias;
    is_unmistakable || is_quoted || is_class || is_sql && is_place
}

/// Whether what stands before is a list of tables: since FROM or USING nothing else has begun, and no bracket is open.
fn is_in_from(before: &[&str]) -> bool {
    let mut closed = 0;
    for token in before.iter().rev() {
        match *token {
            ")" => closed += 1,
            "(" if closed == 0 => return false,
            "(" => closed -= 1,
            keyword if closed == 0 && is_keyword(keyword) => return ["FROM", "USING"].contains(&keyword),
            _ => {}
        }
    }
    false
}

/// Any word in capitals but `AS`, which stands between a table and its other name.
fn is_keyword(word: &str) -> bool {
    word.len() > 1 && word != "AS" && word.chars().all(|c| c.is_ascii_uppercase())
}

fn bare(token: &str) -> &str {
    token.trim_matches('"')
}

/// Words, quoted names with their quotes, and every other character by itself.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let length = match first {
            '"' => rest.get(1..).and_then(|quoted| quoted.find('"')).map_or(1, |end| end + 2),
            _ if is_word(first) => rest.find(|c| !is_word(c)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (token, after) = rest.split_at(length);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

#[test]
fn tables_are_known_by_where_they_stand() {
    let known = ["account", "audit_event", "rate_limit", "session", "user", "waitlist"];
    let cases: [(&str, &[&str]); 12] = [
        ("SELECT id FROM \"user\" JOIN account ON true", &["account", "user"]),
        ("DELETE FROM session USING account AS other, waitlist WHERE true", &["account", "session", "waitlist"]),
        ("SELECT FROM unnest($1) AS known (account, session), rate_limit", &["rate_limit"]),
        ("waitlist.left_at IS NULL", &["waitlist"]),
        ("UPDATE waitlist SET role = $1", &["waitlist"]),
        ("SELECT 'waitlist'::regclass", &["waitlist"]),
        ("audit_event", &["audit_event"]),
        ("\"user\"", &["user"]),
        ("SELECT account.id FROM (SELECT) AS account", &[]),
        ("/admin/waitlist.csv", &[]),
        ("Your account and your session", &[]),
        ("waitlist", &[]),
    ];
    for (text, tables_in_it) in cases {
        assert_eq!(tables(text, &known), tables_in_it, "{text}");
    }
}
