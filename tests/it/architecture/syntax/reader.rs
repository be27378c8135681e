//! Walks through a parsed file and writes down what the rules ask for.

use proc_macro2::{Literal, Span, TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{
    Attribute, FnArg, GenericArgument, Ident, ImplItem, Item, Lit, LitStr, Meta, Pat, PathArguments, Signature, Type,
    UseTree, Visibility,
};

use super::{Function, Import, Item as Defined, Name, Syntax, Text};

/// Writes it all down in what was read so far.
pub fn read(file: &syn::File, read: Syntax) -> Syntax {
    let mut reader = Reader { read };
    reader.visit_file(file);
    reader.read
}

struct Reader {
    read: Syntax,
}

impl Reader {
    fn import(&mut self, tree: &UseTree, mut before: Vec<String>) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before);
            }
            UseTree::Name(name) => self.leaf(before, &name.ident, None),
            UseTree::Rename(name) => self.leaf(before, &name.ident, Some(&name.rename)),
            UseTree::Glob(glob) => {
                self.read.imports.push(Import { line: line(glob.star_token.spans[0]), called: None, segments: before });
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before.clone())),
        }
    }

    fn leaf(&mut self, mut segments: Vec<String>, name: &Ident, rename: Option<&Ident>) {
        if name != "self" {
            segments.push(name.to_string());
        }
        let called = rename.map(Ident::to_string).or_else(|| segments.last().cloned());
        self.read.imports.push(Import { line: line(name.span()), called, segments });
    }

    fn text(&mut self, from: Span, to: Span, value: String) {
        let lines = to.end().line - line(from) + 1;
        self.read.texts.push(Text { line: line(from), lines, value });
    }

    fn literal(&mut self, literal: Literal) {
        if let Lit::Str(text) = Lit::new(literal) {
            self.visit_lit_str(&text);
        }
    }

    /// Paths and strings of a macro or an attribute, which have no other syntax.
    fn tokens(&mut self, tokens: TokenStream) {
        let mut path: Vec<Ident> = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.name(&std::mem::take(&mut path));
                    }
                    path.push(ident);
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.name(&std::mem::take(&mut path));
                    match other {
                        TokenTree::Group(group) => self.tokens(group.stream()),
                        TokenTree::Literal(literal) => self.literal(literal),
                        _ => {}
                    }
                }
            }
        }
        self.name(&path);
    }

    fn name(&mut self, path: &[Ident]) {
        if let [first, ..] = path {
            let segments = path.iter().map(Ident::to_string).collect();
            self.read.names.push(Name { line: line(first.span()), segments });
        }
    }

    fn item(&mut self, visibility: &Visibility, name: &Ident, attributes: &[Attribute]) {
        if !matches!(visibility, Visibility::Inherited) {
            let is_documented = attributes.iter().any(|attribute| attribute.path().is_ident("doc"));
            self.read.items.push(Defined { line: line(name.span()), name: name.to_string(), is_documented });
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        if is_test(attributes(item)) {
            return;
        }
        match item {
            Item::Fn(item) => self.item(&item.vis, &item.sig.ident, &item.attrs),
            Item::Struct(item) => self.item(&item.vis, &item.ident, &item.attrs),
            Item::Enum(item) => self.item(&item.vis, &item.ident, &item.attrs),
            Item::Const(item) => self.item(&item.vis, &item.ident, &item.attrs),
            Item::Static(item) => self.item(&item.vis, &item.ident, &item.attrs),
            Item::Type(item) => self.item(&item.vis, &item.ident, &item.attrs),
            Item::Trait(item) => self.item(&item.vis, &item.ident, &item.attrs),
            _ => {}
        }
        visit::visit_item(self, item);
    }

    fn visit_impl_item(&mut self, item: &'ast ImplItem) {
        match item {
            ImplItem::Fn(item) if is_test(&item.attrs) => return,
            ImplItem::Fn(item) => self.item(&item.vis, &item.sig.ident, &item.attrs),
            ImplItem::Const(item) => self.item(&item.vis, &item.ident, &item.attrs),
            _ => {}
        }
        visit::visit_impl_item(self, item);
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.import(&item.tree, Vec::new());
    }

    fn visit_signature(&mut self, signature: &'ast Signature) {
        let tuples = signature.inputs.iter().filter_map(tuple).collect();
        let (line, name) = (line(signature.ident.span()), signature.ident.to_string());
        self.read.functions.push(Function { line, name, tuples });
        visit::visit_signature(self, signature);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.name(&path.segments.iter().map(|segment| segment.ident.clone()).collect::<Vec<_>>());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, called: &'ast syn::Macro) {
        self.visit_path(&called.path);
        match called.path.get_ident() {
            Some(name) if name == "concat" => {
                let parts: String = strings(called.tokens.clone()).map(|part| part.value()).collect();
                self.text(name.span(), called.delimiter.span().close(), parts);
            }
            _ => self.tokens(called.tokens.clone()),
        }
    }

    fn visit_lit_str(&mut self, text: &'ast LitStr) {
        self.text(text.span(), text.span(), text.value());
    }

    fn visit_attribute(&mut self, attribute: &'ast Attribute) {
        match &attribute.meta {
            Meta::List(list) => self.tokens(list.tokens.clone()),
            Meta::NameValue(pair) if !pair.path.is_ident("doc") => self.visit_expr(&pair.value),
            _ => {}
        }
    }

    // `pub(in crate::accounts)` says who may import, and imports nothing.
    fn visit_visibility(&mut self, _: &'ast Visibility) {}
}

fn line(span: Span) -> usize {
    span.start().line
}

fn strings(tokens: TokenStream) -> impl Iterator<Item = LitStr> {
    tokens.into_iter().filter_map(|token| match token {
        TokenTree::Literal(literal) => match Lit::new(literal) {
            Lit::Str(text) => Some(text),
            _ => None,
        },
        _ => None,
    })
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| match &attribute.meta {
        Meta::List(list) => list.path.is_ident("cfg") && list.tokens.to_string() == "test",
        _ => false,
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

/// How a parameter is called that is a tuple by its type or by how it is taken apart. A list of pairs is none.
fn tuple(parameter: &FnArg) -> Option<String> {
    let FnArg::Typed(typed) = parameter else { return None };
    let is_taken_apart = matches!(bare(&typed.pat), Pat::Tuple(_) | Pat::Slice(_));
    (is_taken_apart || has_tuple(&typed.ty)).then(|| written(&typed.pat))
}

fn bare(pattern: &Pat) -> &Pat {
    if let Pat::Reference(reference) = pattern { &reference.pat } else { pattern }
}

fn written(pattern: &Pat) -> String {
    let all = |patterns: &[&Pat]| patterns.iter().map(|pattern| written(pattern)).collect::<Vec<_>>().join(", ");
    match bare(pattern) {
        Pat::Ident(name) => name.ident.to_string(),
        Pat::Tuple(tuple) => format!("({})", all(&tuple.elems.iter().collect::<Vec<_>>())),
        Pat::Slice(slice) => format!("[{}]", all(&slice.elems.iter().collect::<Vec<_>>())),
        Pat::TupleStruct(tuple) => {
            let name = tuple.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            format!("{name}({})", all(&tuple.elems.iter().collect::<Vec<_>>()))
        }
        _ => "_".to_owned(),
    }
}

/// Whether the type is a tuple, behind a reference or inside another type too.
fn has_tuple(ty: &Type) -> bool {
    match ty {
        Type::Tuple(tuple) => !tuple.elems.is_empty(),
        Type::Reference(reference) => has_tuple(&reference.elem),
        Type::Paren(paren) => has_tuple(&paren.elem),
        Type::Path(path) => path.path.segments.iter().any(|segment| match &segment.arguments {
            PathArguments::AngleBracketed(arguments) if segment.ident != "Vec" => {
                arguments.args.iter().any(|argument| matches!(argument, GenericArgument::Type(ty) if has_tuple(ty)))
            }
            _ => false,
        }),
        _ => false,
    }
}
