//! Reads the corpora.

use std::collections::HashMap;

/// The rows of a CSV file (RFC 4180), each by the names of its columns.
pub fn rows(csv: &str) -> Vec<HashMap<String, String>> {
    let mut records = records(csv).into_iter();
    let names = records.next().expect("a heading");
    let named = |record: Vec<String>| {
        assert_eq!(record.len(), names.len(), "{record:?}");
        names.iter().cloned().zip(record).collect()
    };
    records.map(named).collect()
}

fn records(csv: &str) -> Vec<Vec<String>> {
    let mut records = vec![vec![String::new()]];
    let mut quoted = false;
    let mut signs = csv.chars().peekable();
    while let Some(c) = signs.next() {
        let field = records.last_mut().and_then(|record| record.last_mut()).expect("a field");
        match c {
            '"' if quoted && signs.peek() == Some(&'"') => {
                signs.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => records.last_mut().expect("a record").push(String::new()),
            '\n' if !quoted => records.push(vec![String::new()]),
            '\r' if !quoted => {}
            c => field.push(c),
        }
    }
    records.retain(|record| record.len() > 1);
    records
}

/// A text written as a JSON string.
pub fn unescaped(json: &str) -> String {
    serde_json::from_str(json).expect("a JSON string")
}
