//! The values of a statement that is put together from parts.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Date, Text, Timestamptz};

use crate::values::clock::Timestamp;

pub mod prepared;

/// The values that a statement binds. Whoever adds a condition adds its value here, and gets the placeholder to write.
#[derive(Clone, Debug, Default)]
pub struct Binds(Vec<Value>);

/// A value of a type that statements take.
#[derive(Clone, Debug)]
pub enum Value {
    /// A number or an id.
    Number(i64),
    /// Several of them.
    Numbers(Vec<i64>),
    /// A day.
    Date(NaiveDate),
    /// A text.
    Text(String),
    /// Several of them.
    Texts(Vec<String>),
    /// A moment.
    Time(Timestamp),
}

impl Binds {
    /// Adds a value; returns its placeholder, such as `$3`.
    pub fn add(&mut self, value: impl Into<Value>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// The statement with these values.
    pub fn query(self, statement: impl Into<String>) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
        self.0.into_iter().fold(diesel::sql_query(statement).into_boxed(), |query, value| match value {
            Value::Number(number) => query.bind::<BigInt, _>(number),
            Value::Numbers(numbers) => query.bind::<Array<BigInt>, _>(numbers),
            Value::Date(day) => query.bind::<Date, _>(day),
            Value::Text(text) => query.bind::<Text, _>(text),
            Value::Texts(texts) => query.bind::<Array<Text>, _>(texts),
            Value::Time(time) => query.bind::<Timestamptz, _>(time),
        })
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

impl From<Vec<i64>> for Value {
    fn from(numbers: Vec<i64>) -> Self {
        Self::Numbers(numbers)
    }
}

impl From<NaiveDate> for Value {
    fn from(day: NaiveDate) -> Self {
        Self::Date(day)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<String>> for Value {
    fn from(texts: Vec<String>) -> Self {
        Self::Texts(texts)
    }
}

impl From<Timestamp> for Value {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}
