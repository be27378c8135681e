//! Which file names which, from imports and paths.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};

use super::syntax::{self, Syntax};

/// Files as nodes; an arrow for each other file that one names, with the line that names it first.
pub struct Graph<'a> {
    files: &'a [Syntax],
    modules: BTreeMap<&'a [String], usize>,
    arrows: Vec<BTreeMap<usize, usize>>,
}

/// One file names another.
pub struct Arrow<'a> {
    pub from: &'a Syntax,
    pub to: &'a Syntax,
    pub line: usize,
}

impl Graph<'static> {
    /// Of everything below `src`.
    pub fn of_sources() -> Self {
        Self::new(syntax::all())
    }
}

impl<'a> Graph<'a> {
    pub fn new(files: &'a [Syntax]) -> Self {
        let modules = files.iter().enumerate().map(|(at, file)| (file.module.as_slice(), at)).collect();
        let mut graph = Self { files, modules, arrows: Vec::new() };
        graph.arrows = (0..files.len()).map(|at| graph.arrows_of(at)).collect();
        graph
    }

    pub fn arrows(&self) -> impl Iterator<Item = Arrow<'a>> {
        let of = |(at, arrows): (usize, &BTreeMap<usize, usize>)| {
            arrows.iter().map(move |(&to, &line)| (at, to, line)).collect::<Vec<_>>()
        };
        let all = self.arrows.iter().enumerate().flat_map(of);
        all.map(|(from, to, line)| Arrow { from: &self.files[from], to: &self.files[to], line })
    }

    fn arrows_of(&self, at: usize) -> BTreeMap<usize, usize> {
        let file = &self.files[at];
        let scope = Scope { file, modules: &self.modules };
        let imports = file.imports.iter().map(|import| (import.line, scope.imported(&import.segments)));
        let names = file.names.iter().map(|name| (name.line, scope.named(&name.segments)));
        let mut arrows = BTreeMap::new();
        for (line, path) in imports.chain(names) {
            if let Some(to) = path.and_then(|path| self.file_of(&path)).filter(|to| *to != at) {
                let first = arrows.entry(to).or_insert(line);
                *first = line.min(*first);
            }
        }
        arrows
    }

    /// The file that a path from the crate's root leads to: the last of its modules that is a file.
    fn file_of(&self, path: &[String]) -> Option<usize> {
        (0..=path.len()).rev().find_map(|length| self.modules.get(&path[..length]).copied())
    }

    /// Each set of files that all lead to each other, by one shortest way around.
    pub fn circles(&self) -> Vec<Circle<'a>> {
        let reached: Vec<_> = (0..self.files.len()).map(|at| self.reached_from(at)).collect();
        let mut circles = Vec::new();
        let mut is_told = vec![false; self.files.len()];
        for at in 0..self.files.len() {
            let is_in = |other: &usize| reached[at].contains_key(other) && reached[*other].contains_key(&at);
            let members: Vec<_> = (0..self.files.len()).filter(is_in).collect();
            if !is_told[at] && !members.is_empty() {
                for &member in &members {
                    is_told[member] = true;
                }
                let around = members.iter().map(|&member| self.around(member, &reached[member]));
                let shortest = around.min_by_key(Vec::len).unwrap_or_default();
                circles.push(Circle { files: members.iter().map(|&member| &self.files[member]).collect(), shortest });
            }
        }
        circles
    }

    /// Every file that one leads to, with the file before it on a shortest way; itself if there is a way around.
    fn reached_from(&self, start: usize) -> BTreeMap<usize, usize> {
        let mut before = BTreeMap::new();
        let mut next = VecDeque::from([start]);
        while let Some(at) = next.pop_front() {
            for &to in self.arrows[at].keys() {
                if let Entry::Vacant(unseen) = before.entry(to) {
                    unseen.insert(at);
                    next.push_back(to);
                }
            }
        }
        before
    }

    /// The way from a file back to itself.
    fn around(&self, start: usize, before: &BTreeMap<usize, usize>) -> Vec<Arrow<'a>> {
        let mut way = Vec::new();
        let mut to = start;
        loop {
            let from = before[&to];
            way.push(Arrow { from: &self.files[from], to: &self.files[to], line: self.arrows[from][&to] });
            to = from;
            if to == start {
                way.reverse();
                return way;
            }
        }
    }
}

/// Files that all lead to each other.
pub struct Circle<'a> {
    pub files: Vec<&'a Syntax>,
    pub shortest: Vec<Arrow<'a>>,
}

/// What the first word of a path means in a file.
struct Scope<'a> {
    file: &'a Syntax,
    modules: &'a BTreeMap<&'a [String], usize>,
}

impl Scope<'_> {
    /// From the crate's root; nothing for what is not ours.
    fn imported(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let from = match first.as_str() {
            "crate" if self.file.module != ["main"] => Vec::new(),
            "biovity" if self.file.module == ["main"] => Vec::new(),
            "self" => self.file.module.clone(),
            "super" => return self.above(path),
            child => self.child(child)?,
        };
        Some([from.as_slice(), rest].concat())
    }

    /// As an imported path, or one that begins with the name of an imported module.
    fn named(&self, path: &[String]) -> Option<Vec<String>> {
        let (first, rest) = path.split_first()?;
        let import = self.file.imports.iter().find(|import| import.called.as_ref() == Some(first));
        match import.filter(|import| import.segments != [first.as_str()] && !rest.is_empty()) {
            Some(import) => Some([self.imported(&import.segments)?.as_slice(), rest].concat()),
            None => self.imported(path),
        }
    }

    fn above(&self, path: &[String]) -> Option<Vec<String>> {
        let levels = path.iter().take_while(|segment| *segment == "super").count();
        let length = self.file.module.len().checked_sub(levels)?;
        Some([&self.file.module[..length], &path[levels..]].concat())
    }

    fn child(&self, name: &str) -> Option<Vec<String>> {
        let child = [self.file.module.as_slice(), &[name.to_owned()]].concat();
        self.modules.contains_key(child.as_slice()).then_some(child)
    }
}

/// The arrows of these files, each as `from → to`.
#[cfg(test)]
fn drawn(files: &[(&str, &str)]) -> Vec<String> {
    let files: Vec<_> = files.iter().map(|(path, text)| Syntax::parse(path, text)).collect();
    let graph = Graph::new(&files);
    graph.arrows().map(|arrow| format!("{} → {}", arrow.from.module.join("/"), arrow.to.module.join("/"))).collect()
}

#[test]
fn a_path_leads_to_the_file_of_its_last_module() {
    let files = [
        ("src/a/mod.rs", "pub mod b;\npub mod c;\npub use b::B;"),
        ("src/a/b.rs", "use super::c::{self, C};\npub(in crate::a) struct B;"),
        ("src/a/c.rs", "pub struct C;"),
        ("src/d.rs", "use crate::a::B;"),
        ("src/e.rs", "use crate::a;\nfn e() { a::c::make() }"),
        ("src/f.rs", "fn f() { other::go(crate::a::c::C); info!(\"{}\", crate::d::D { e: e::E }) }"),
        ("src/main.rs", "fn main() { biovity::e::run() }"),
    ];
    let arrows = ["a → a/b", "a/b → a/c", "d → a", "e → a", "e → a/c", "f → a/c", "f → d", "main → e"];
    assert_eq!(drawn(&files), arrows);
}

#[test]
fn a_circle_is_found_with_its_shortest_way_around() {
    let texts = [("src/a.rs", "use crate::b;"), ("src/b.rs", "use crate::c;"), ("src/c.rs", "use crate::{a, b};")];
    let files = texts.map(|(path, text)| Syntax::parse(path, text));
    let circles = Graph::new(&files).circles();
    let [circle] = circles.as_slice() else { panic!("{} circles", circles.len()) };
    assert_eq!((circle.files.len(), circle.shortest.len()), (3, 2));
    assert!(Graph::new(&files[..2]).circles().is_empty());
}
