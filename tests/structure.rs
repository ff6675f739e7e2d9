//! The structure of the sources: no file of the core depends on itself through others, and no file is too long to read.
//!
//! A file depends on another if it names an item that is defined there. Names are followed through re-exports: who
//! says `crate::spiking::Phase` depends on `spiking/phase.rs`, where it is, and not on `spiking/mod.rs`, which passes
//! it on. A file may use what the `mod.rs` of its own folder defines, which lists it: as a trait and those that
//! implement it. From one folder to another no arrow leads back. What is under `#[cfg(test)]` may depend on anything.

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::{Path, PathBuf},
};

/// Lines that a file may have.
const LONGEST: usize = 1_000;

/// Where items are found: the root, and the names of the modules below it.
type Module = Vec<String>;

/// A name that `use` brings into a module.
#[derive(Debug, Clone)]
struct Import {
    path: Vec<String>,
    public: bool,
}

/// What a module says.
#[derive(Debug, Default)]
struct Contents {
    file: PathBuf,
    /// By the name under which they are known here.
    imports: BTreeMap<String, Import>,
    globs: Vec<Import>,
    /// Paths of two names or more.
    paths: Vec<Vec<String>>,
    /// Single names, and the first of every path.
    names: BTreeSet<String>,
}

/// All modules of a crate.
#[derive(Debug, Default)]
struct Sources(BTreeMap<Module, Contents>);

impl Sources {
    /// Reads a crate from its root.
    fn read(root: &Path) -> Self {
        let mut sources = Self::default();
        let folder = root.parent().expect("a file is in a folder");
        sources.read_file(root, folder, Vec::new());
        sources
    }

    /// Reads a file, whose modules are files in `folder`.
    fn read_file(&mut self, file: &Path, folder: &Path, module: Module) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_text(&text, file, folder, module);
    }

    fn read_text(&mut self, text: &str, file: &Path, folder: &Path, module: Module) {
        let tokens: TokenStream = text.parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.read_module(tokens, file, folder, module);
    }

    fn read_module(&mut self, tokens: TokenStream, file: &Path, folder: &Path, module: Module) {
        let mut contents = Contents { file: file.to_path_buf(), ..Default::default() };
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut public = false;
        let mut at = 0;
        while at < tokens.len() {
            if is_for_tests(&tokens[at..]) {
                at = after_item(&tokens, at + 2);
                continue;
            }
            match word(&tokens, at).as_deref() {
                Some("pub") => public = true,
                Some("use") => {
                    let end = after_item(&tokens, at);
                    contents.import(&tokens[at + 1..end - 1], &[], public);
                    at = end;
                    public = false;
                    continue;
                }
                Some("mod") => {
                    let name = word(&tokens, at + 1).expect("a module has a name");
                    let inner = child(&module, &name);
                    let below = folder.join(&name);
                    match &tokens[at + 2] {
                        TokenTree::Group(body) => self.read_module(body.stream(), file, &below, inner),
                        _ => {
                            let alone = folder.join(format!("{name}.rs"));
                            let file = if alone.exists() { alone } else { below.join("mod.rs") };
                            self.read_file(&file, &below, inner);
                        }
                    }
                    at += 3;
                    public = false;
                    continue;
                }
                // `pub(crate)` stays public.
                _ if matches!(&tokens[at], TokenTree::Group(group) if public && group.delimiter() == Delimiter::Parenthesis) =>
                    {}
                _ => public = false,
            }
            at = contents.name(&tokens, at);
        }
        self.0.insert(module, contents);
    }

    /// The module in which an item is defined that a module calls by this path; none if it is of another crate.
    fn resolve(&self, from: &Module, path: &[String]) -> Option<Module> {
        self.follow(from, path, 0)
    }

    fn follow(&self, from: &Module, path: &[String], depth: usize) -> Option<Module> {
        assert!(depth < 50, "{} goes round in {from:?}", path.join("::"));
        let (first, rest) = path.split_first()?;
        let mut module = match first.as_str() {
            "crate" => Vec::new(),
            "self" => from.clone(),
            "super" => from[..from.len() - 1].to_vec(),
            name if self.0.contains_key(&child(from, name)) => child(from, name),
            name => {
                let Some(import) = self.0[from].imports.get(name) else {
                    let is_own = |glob: &&Import| ["crate", "self", "super"].contains(&glob.path[0].as_str());
                    let globs = self.0[from].globs.iter().filter(is_own);
                    let mut globs = globs.filter_map(|glob| self.follow(from, &glob.path, depth + 1));
                    let known = |module: &Module| {
                        self.0.contains_key(&child(module, name)) || self.0[module].imports.contains_key(name)
                    };
                    let module = globs.find(|module| module != from && known(module))?;
                    return self.follow(&module, path, depth + 1);
                };
                // As in `use rand::{self}`.
                if import.path.first().is_some_and(|first| first == name)
                    && !self.0.contains_key(&child(from, name))
                {
                    return None;
                }
                return self.follow(from, &[&import.path[..], rest].concat(), depth + 1);
            }
        };
        for (index, name) in rest.iter().enumerate() {
            if name == "super" {
                module.pop();
            } else if self.0.contains_key(&child(&module, name)) {
                module = child(&module, name);
            } else if let Some(import) = self.0[&module].imports.get(name) {
                return self.follow(&module, &[&import.path[..], &rest[index + 1..]].concat(), depth + 1);
            } else {
                // An item of this module, with what belongs to it.
                break;
            }
        }
        Some(module)
    }

    /// Which files a file depends on, and by which name, as found first.
    fn dependencies(&self) -> Graph {
        let mut graph = Graph::new();
        for (module, contents) in &self.0 {
            let mut paths: Vec<Vec<String>> = contents.paths.clone();
            for (name, import) in &contents.imports {
                // Passed on without being used, a name is no dependency; a module is used by paths through it.
                let is_module = self.resolve(module, &import.path).is_some_and(|found| {
                    import.path.last().is_some_and(|last| found.last() == Some(last) || last == "self")
                });
                if (!import.public || contents.names.contains(name)) && !is_module {
                    paths.push(import.path.clone());
                }
            }
            paths.extend(contents.globs.iter().filter(|glob| !glob.public).map(|glob| glob.path.clone()));
            let dependencies = graph.entry(contents.file.clone()).or_default();
            for path in paths {
                let Some(found) = self.resolve(module, &path) else { continue };
                let file = &self.0[&found].file;
                if *file != contents.file {
                    dependencies.entry(file.clone()).or_insert_with(|| path.join("::"));
                }
            }
        }
        graph
    }

    /// The circles of files, and those of folders.
    fn circles(&self) -> Vec<String> {
        let files = self.dependencies();
        let folder = |file: &Path| -> PathBuf {
            let parts: Vec<_> = file.iter().collect();
            let depth = parts.len().min(if parts[0] == "src" { 2 } else { 1 });
            parts[..depth].iter().collect()
        };
        let mut folders: Graph = files.keys().map(|file| (folder(file), BTreeMap::new())).collect();
        for (from, to) in &files {
            for (to, name) in to.iter().filter(|(to, _)| folder(from) != folder(to)) {
                let said = format!("{name} in {}", from.display());
                folders.get_mut(&folder(from)).unwrap().entry(folder(to)).or_insert(said);
            }
        }
        let mut files = files;
        for (from, to) in &mut files {
            to.retain(|to, _| !(to.ends_with("mod.rs") && from.starts_with(to.parent().unwrap())));
        }
        let mut circles = circles(&files);
        // Said already, where the folders are files.
        circles.extend(circles_of_folders(&folders, &circles));
        circles
    }
}

type Graph = BTreeMap<PathBuf, BTreeMap<PathBuf, String>>;

fn circles_of_folders(folders: &Graph, said: &[String]) -> Vec<String> {
    circles(folders)
        .into_iter()
        .filter(|circle| !said.iter().any(|one| one.lines().next() == circle.lines().next()))
        .collect()
}

/// The shortest circle through each node that is in one, each circle once.
fn circles(graph: &Graph) -> Vec<String> {
    let mut circles = BTreeMap::new();
    for start in graph.keys() {
        let Some(circle) = shortest_way(graph, start) else { continue };
        let mut nodes = circle.clone();
        nodes.sort();
        circles.entry(nodes).or_insert_with(|| {
            let mut lines = vec![circle[0].display().to_string()];
            for (index, &node) in circle.iter().enumerate() {
                let next = circle[(index + 1) % circle.len()];
                lines.push(format!("  -> {} by {}", next.display(), graph[node][next]));
            }
            lines.join("\n")
        });
    }
    circles.into_values().collect()
}

/// From a file back to itself: the files on the shortest way.
fn shortest_way<'a>(graph: &'a Graph, start: &'a Path) -> Option<Vec<&'a Path>> {
    let mut before: BTreeMap<&Path, &Path> = BTreeMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(file) = waiting.pop_front() {
        for next in graph[file].keys() {
            if next == start {
                let mut way = vec![file];
                while way[way.len() - 1] != start {
                    way.push(before[way[way.len() - 1]]);
                }
                way.reverse();
                return Some(way);
            }
            before.entry(next).or_insert_with(|| {
                waiting.push_back(next);
                file
            });
        }
    }
    None
}

impl Contents {
    /// Reads a tree of imports, as in `use a::{b, c as d}`.
    fn import(&mut self, tokens: &[TokenTree], before: &[String], public: bool) {
        let mut path = before.to_vec();
        let mut at = 0;
        while at < tokens.len() {
            match &tokens[at] {
                TokenTree::Ident(name) if name == "as" => {
                    let alias = word(tokens, at + 1).unwrap_or_default();
                    self.imports.insert(alias, Import { path, public });
                    return;
                }
                TokenTree::Ident(name) if name == "self" && !path.is_empty() => {}
                TokenTree::Ident(name) => path.push(name.to_string()),
                TokenTree::Punct(sign) if sign.as_char() == '*' => {
                    self.globs.push(Import { path, public });
                    return;
                }
                TokenTree::Group(group) => {
                    let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                    for one in
                        inner.split(|token| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ','))
                    {
                        if !one.is_empty() {
                            self.import(one, &path, public);
                        }
                    }
                    return;
                }
                _ => {}
            }
            at += 1;
        }
        if let Some(name) = path.last() {
            self.imports.insert(name.clone(), Import { path: path.clone(), public });
        }
    }

    /// Reads a path or another token, and says what comes after it.
    fn name(&mut self, tokens: &[TokenTree], at: usize) -> usize {
        match &tokens[at] {
            TokenTree::Group(group) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                let mut inside = 0;
                while inside < inner.len() {
                    let is_skipped = is_for_tests(&inner[inside..]);
                    inside =
                        if is_skipped { after_item(&inner, inside + 2) } else { self.name(&inner, inside) };
                }
                at + 1
            }
            TokenTree::Ident(first) => {
                let mut path = vec![first.to_string()];
                let mut end = at + 1;
                while is_colon(tokens, end) && is_colon(tokens, end + 1) {
                    let Some(name) = word(tokens, end + 2) else { break };
                    path.push(name);
                    end += 3;
                }
                self.names.insert(path[0].clone());
                // `.name` and `'name` are of what comes before them; a path that begins with `::` is of another crate.
                let is_own = at == 0
                    || !matches!(&tokens[at - 1], TokenTree::Punct(sign) if ".':".contains(sign.as_char()) && !is_type_colon(tokens, at));
                if path.len() > 1 && is_own {
                    self.paths.push(path);
                }
                end
            }
            _ => at + 1,
        }
    }
}

/// Whether the colon before this token stands alone, as in `name: Type`.
fn is_type_colon(tokens: &[TokenTree], at: usize) -> bool {
    is_colon(tokens, at - 1) && (at < 2 || !is_colon(tokens, at - 2))
}

fn child(module: &Module, name: &str) -> Module {
    [&module[..], &[name.to_string()]].concat()
}

fn word(tokens: &[TokenTree], at: usize) -> Option<String> {
    match tokens.get(at) {
        Some(TokenTree::Ident(name)) => Some(name.to_string()),
        _ => None,
    }
}

fn is_colon(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at), Some(TokenTree::Punct(sign)) if sign.as_char() == ':')
}

/// Whether an item follows that is compiled for tests only.
fn is_for_tests(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(sign), TokenTree::Group(attribute), ..]
        if sign.as_char() == '#' && attribute.stream().to_string().replace(' ', "") == "cfg(test)")
}

/// Where the item ends that begins here, or before: after its body or its semicolon.
fn after_item(tokens: &[TokenTree], start: usize) -> usize {
    let ends = |token: &TokenTree| match token {
        TokenTree::Punct(sign) => sign.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    };
    let is_import = (start..tokens.len()).map_while(|at| word(tokens, at)).any(|word| word == "use");
    let is_semicolon = |token: &TokenTree| matches!(token, TokenTree::Punct(sign) if sign.as_char() == ';');
    let length =
        tokens[start..].iter().position(|token| if is_import { is_semicolon(token) } else { ends(token) });
    length.map_or(tokens.len(), |length| start + length + 1)
}

/// A crate of files that are given as text.
fn sources(files: &[(&str, &str)]) -> Sources {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut sources = Sources::read(&folder.path().join("lib.rs"));
    for contents in sources.0.values_mut() {
        contents.file = contents.file.strip_prefix(folder.path()).unwrap().to_path_buf();
    }
    sources
}

fn graph(files: &[(&str, &str)]) -> Vec<String> {
    let sources = sources(files);
    let arrows = sources.dependencies().into_iter().flat_map(|(from, to)| {
        to.into_keys().map(move |to| format!("{} -> {}", from.display(), to.display())).collect::<Vec<_>>()
    });
    arrows.collect()
}

#[test]
fn the_core_has_no_circle() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Sources::read(&root.join("src/lib.rs"));
    for contents in sources.0.values_mut() {
        contents.file = contents.file.strip_prefix(root).unwrap().to_path_buf();
    }
    let dependencies = sources.dependencies();
    let arrows: usize = dependencies.values().map(BTreeMap::len).sum();
    assert!(dependencies.len() > 20 && arrows > 60, "{} files, {arrows} arrows", dependencies.len());
    let circles = sources.circles();
    assert!(circles.is_empty(), "files that depend on themselves:\n\n{}\n", circles.join("\n\n"));
}

#[test]
fn no_file_is_too_long() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders: Vec<PathBuf> = ["src", "www", "tests", "examples", "benches", "fuzz", "scripts"]
        .map(|name| root.join(name))
        .to_vec();
    let mut found = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path
                .extension()
                .is_some_and(|kind| ["rs", "js", "css", "html", "ts"].iter().any(|one| kind == *one))
            {
                let lines = fs::read_to_string(&path).unwrap().lines().count();
                assert!(
                    lines <= LONGEST,
                    "{} has {lines} lines; {LONGEST} are enough for a file",
                    path.display()
                );
                found += 1;
            }
        }
    }
    assert!(found > 100, "only {found} files");
}

#[test]
fn a_circle_is_found_wherever_it_is_named() {
    for import in [
        "use crate::a::A;",
        "use super::a::A;",
        "use crate::{other, a::{A as C}};",
        "use super::*; fn f(_: a::A) {}",
        "fn f() { super::a::f() }",
        "macro_rules! m { () => { $crate::a::f() } }",
        "fn f() -> Vec<crate::a::A> { vec![] }",
        "mod inner { fn f() { println!(\"{}\", super::super::a::f()) } }",
        "use crate::A;",
        "use crate::passed; fn f(_: passed::A) {}",
    ] {
        let files = [
            ("lib.rs", "mod a; mod b; mod other; pub use a::A; mod passed { pub use crate::a::A; }"),
            ("a.rs", "use crate::b::B; pub struct A; pub fn f() {}"),
            ("b.rs", import),
            ("other.rs", ""),
        ];
        let sources = sources(&files);
        let circles = sources.circles();
        assert_eq!(circles.len(), 1, "{import}: {circles:?}, {:?}", sources.dependencies());
        assert!(circles[0].starts_with("a.rs\n  -> b.rs by crate::b::B\n  -> a.rs by "), "{}", circles[0]);
    }
}

#[test]
fn what_is_no_dependency_makes_no_circle() {
    for text in [
        "//! See [`crate::a::A`].\n/// And `use crate::a::A;`.\nfn f() {} // use crate::a::A;",
        "#[cfg(test)] mod tests { use crate::a::A; }",
        "#[cfg(test)] use crate::a::A;",
        "fn f() -> &'static str { \"use crate::a::A;\" }",
        "use ::a::A; use other::a::A;",
    ] {
        let files = [
            ("lib.rs", "mod a; mod b; pub use a::A;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", text),
        ];
        assert_eq!(graph(&files), ["a.rs -> b.rs"], "{text}");
    }
    // What passes a name on depends on it only if it uses it.
    let passed = [
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; pub use b::B; pub fn f() {}"),
        ("a/b.rs", "use super::f;"),
    ];
    assert_eq!(graph(&passed), ["a/b.rs -> a/mod.rs"]);
    let used = [("a/mod.rs", "mod b; pub use b::B; pub fn f(_: B) {}"), passed[0], passed[2]];
    assert_eq!(graph(&used), ["a/b.rs -> a/mod.rs", "a/mod.rs -> a/b.rs"]);
}

#[test]
fn a_folder_is_one_with_its_own_files_but_not_with_another_folder() {
    let list = ("a/mod.rs", "mod b; mod c; pub fn f(_: b::B) { c::f() }");
    let files = [
        ("lib.rs", "mod a;"),
        list,
        ("a/b.rs", "use super::f; pub struct B;"),
        ("a/c.rs", "use super::b::B;"),
    ];
    assert_eq!(sources(&files).circles(), [""; 0]);
    let files = [("lib.rs", "mod a;"), list, ("a/b.rs", "use super::c::f;"), ("a/c.rs", "use super::b::B;")];
    assert_eq!(sources(&files).circles().len(), 1);
    // By way of two files each, none of which is in a circle.
    let files = [
        ("lib.rs", "mod a; mod d;"),
        list,
        ("a/b.rs", "use crate::d::e::E;"),
        ("a/c.rs", ""),
        ("d/mod.rs", "pub mod e; pub mod g;"),
        ("d/e.rs", ""),
        ("d/g.rs", "use crate::a::c::C;"),
    ];
    let circles = sources(&files).circles();
    assert_eq!(circles, ["a\n  -> d by crate::d::e::E in a/b.rs\n  -> a by crate::a::c::C in d/g.rs"]);
}
