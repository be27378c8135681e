//! The table of what was measured: each figure with what the machine itself does at most, and its bar.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Where the same table is written as JSON.
const JSON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/target/bench.json");

/// What a figure has to keep.
#[derive(Clone, Copy, Debug)]
pub enum Bar {
    /// It is told, not judged.
    None,
    /// It is at most this, in its own unit.
    Most(f64),
    /// Divided by its ceiling it is at least this.
    Share(f64),
}

/// One figure.
pub struct Figure {
    pub name: String,
    pub value: f64,
    pub unit: &'static str,
    /// The same work by the barest program on this machine, in the same run.
    pub ceiling: Option<f64>,
    pub bar: Bar,
}

/// All figures of a run; each is printed when it is known.
pub struct Table {
    began: Instant,
    figures: Vec<Figure>,
}

impl Table {
    pub fn new() -> Self {
        println!("{:>4}    {:<48} {:>9}      {:>9} {:>6}  bar", "at", "", "measured", "ceiling", "share");
        Self { began: Instant::now(), figures: Vec::new() }
    }

    /// Tells a figure without a ceiling.
    pub fn value(&mut self, name: impl Into<String>, value: f64, unit: &'static str, bar: Bar) {
        self.add(Figure { name: name.into(), value, unit, ceiling: None, bar });
    }

    /// Tells a time.
    pub fn time(&mut self, name: impl Into<String>, time: Duration, bar: Bar) {
        self.value(name, time.as_secs_f64() * 1_000.0, "ms", bar);
    }

    /// Tells a figure.
    pub fn add(&mut self, figure: Figure) {
        let Figure { name, value, unit, .. } = &figure;
        let ceiling = figure.ceiling.map_or(String::new(), |ceiling| format!("{:.*}", places(ceiling), ceiling));
        let share = figure.share().map_or(String::new(), |share| format!("{share:.2}"));
        let bar = match figure.bar {
            Bar::None => String::new(),
            Bar::Most(most) => format!("<= {most} {unit}"),
            Bar::Share(least) => format!(">= {least}"),
        };
        let missed = if figure.holds() { "" } else { "  MISSED" };
        let at = self.began.elapsed().as_secs();
        println!("{at:>4} s  {name:<48} {value:>9.*} {unit:<4} {ceiling:>9} {share:>6}  {bar}{missed}", places(*value));
        self.figures.push(figure);
    }

    /// Writes the JSON, and returns whether every bar holds.
    pub fn finish(self) -> bool {
        let figures: Vec<Value> = self.figures.iter().map(Figure::json).collect();
        let seconds = self.began.elapsed().as_secs();
        std::fs::write(JSON, format!("{:#}\n", json!({ "seconds": seconds, "figures": figures }))).unwrap();
        let missed: Vec<_> = self.figures.iter().filter(|figure| !figure.holds()).map(|figure| &figure.name).collect();
        println!("{seconds} s; written to {JSON}; bars missed: {}", missed.len());
        missed.is_empty()
    }
}

impl Figure {
    fn share(&self) -> Option<f64> {
        self.ceiling.map(|ceiling| self.value / ceiling)
    }

    fn holds(&self) -> bool {
        match self.bar {
            Bar::None => true,
            Bar::Most(most) => self.value <= most,
            Bar::Share(least) => self.share().is_some_and(|share| share >= least),
        }
    }

    fn json(&self) -> Value {
        let (most, least) = match self.bar {
            Bar::None => (None, None),
            Bar::Most(most) => (Some(most), None),
            Bar::Share(least) => (None, Some(least)),
        };
        json!({
            "name": self.name, "value": self.value, "unit": self.unit, "ceiling": self.ceiling, "share": self.share(),
            "most": most, "least_share": least, "holds": self.holds(),
        })
    }
}

fn places(value: f64) -> usize {
    usize::from(value < 100.0)
}
