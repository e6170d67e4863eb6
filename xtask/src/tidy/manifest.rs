//! As much of a Cargo.toml as the rules ask for, read line by line.

/// A manifest in the plain style of this repository: a table a header, a key a line, lists over several lines.
#[derive(Debug, Default)]
pub(crate) struct Manifest {
    pub(crate) package: Option<String>,
    pub(crate) members: Vec<String>,
    pub(crate) excluded: Vec<String>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) takes_workspace_lints: bool,
}

/// A dependency of any kind: of the crate, its tests or its build script.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dependency {
    /// The package's own name, whatever the crate calls it.
    pub(crate) package: String,
    pub(crate) line: usize,
}

impl Manifest {
    pub(crate) fn parse(text: &str) -> Self {
        let mut manifest = Self::default();
        let mut table = String::new();
        let mut lines = text.lines().enumerate();
        while let Some((index, line)) = lines.next() {
            let line = without_comment(line).trim();
            if let Some(header) = line.strip_prefix('[') {
                table = header.trim_matches(['[', ']']).replace('"', "");
                if let Some(name) = single_dependency(&table) {
                    manifest.depend(name, index + 1);
                }
                continue;
            }
            let Some((key, value)) = line.split_once('=') else { continue };
            let (key, mut value) = (key.trim(), value.trim().to_owned());
            if value.starts_with('[') {
                while !value.ends_with(']') {
                    let Some((_, more)) = lines.next() else { break };
                    value.push_str(without_comment(more).trim());
                }
            }
            manifest.read(&table, key, &value, index + 1);
        }
        manifest
    }

    fn read(&mut self, table: &str, key: &str, value: &str, line: usize) {
        match (table, key) {
            ("package", "name") => self.package = quoted(value).map(str::to_owned),
            ("workspace", "members") => self.members = list(value),
            ("workspace", "exclude") => self.excluded = list(value),
            ("lints", "workspace") | ("", "lints.workspace") => {
                self.takes_workspace_lints = value == "true";
            }
            _ if is_dependency_table(table) => {
                let name = key.split('.').next().unwrap_or(key).trim_matches('"');
                self.depend(renamed(value).unwrap_or(name), line);
            }
            // `[dependencies.name]` was taken by its header; its `package` says what it really is.
            _ if single_dependency(table).is_some() && key == "package" => {
                self.depend(quoted(value).unwrap_or(value), line);
            }
            _ => {}
        }
    }

    fn depend(&mut self, package: &str, line: usize) {
        let package = package.to_owned();
        self.dependencies.push(Dependency { package, line });
    }
}

fn is_dependency_table(table: &str) -> bool {
    let last = table.rsplit('.').next().unwrap_or(table);
    matches!(last, "dependencies" | "dev-dependencies" | "build-dependencies")
        && !table.starts_with("workspace")
}

fn single_dependency(table: &str) -> Option<&str> {
    let (kind, name) = table.rsplit_once('.')?;
    is_dependency_table(kind).then_some(name)
}

/// The value of `package = "…"` in an inline table.
fn renamed(value: &str) -> Option<&str> {
    let (_, after) = value.split_once("package")?;
    quoted(after.trim_start().strip_prefix('=')?)
}

fn quoted(value: &str) -> Option<&str> {
    Some(value.split_once('"')?.1.split_once('"')?.0)
}

fn list(value: &str) -> Vec<String> {
    value.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

fn without_comment(line: &str) -> &str {
    let mut in_text = false;
    let end = line.bytes().position(|byte| {
        in_text ^= byte == b'"';
        byte == b'#' && !in_text
    });
    line.get(..end.unwrap_or(line.len())).unwrap_or(line)
}

#[cfg(test)]
#[path = "manifest_tests.rs"]
mod tests;
