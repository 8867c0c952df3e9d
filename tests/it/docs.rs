//! `docs/` as the registry shows it: every page but the guides is written from the schema and `examples/`.
//!
//! `UPDATE_DOCS=1 cargo test --test it docs` writes the pages; without the variable the same test
//! compares. A new resource or data source needs no line here: its page comes from the provider's list, and
//! what is shown on it from its folder in `examples/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use terraform_provider_digicert::kind::Identity;
use terraform_provider_digicert::provider::Provider;
use terraform_provider_digicert::schema::{Attribute, Block, schema_section};

use crate::guides::guides;

#[test]
fn docs_follow_the_schema_and_the_examples() {
    let pages = pages();
    let problems = problems(&pages, &root().join("docs"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        write(&pages, &root().join("docs"));
    } else {
        assert!(problems.is_empty(), "{problems}");
    }
}

#[test]
fn every_resource_has_its_examples() {
    for resource in Provider::new().registry().resources.iter() {
        let name = resource.type_name();
        let [shown, block, command] =
            ["resource.tf", IMPORT_BLOCK, "import.sh"].map(|file| example(name, file));
        assert!(shown.contains(&format!("resource \"{name}\" \"example\" {{")), "{shown}");
        assert!(block.contains(&format!("import {{\n  to = {name}.example\n  id = ")), "{block}");
        let command = command.lines().last().unwrap_or_default().to_owned();
        assert!(command.starts_with(&format!("terraform import {name}.example ")), "{command}");
        for file in ["resource.tf", IMPORT_BLOCK] {
            let text = example(name, file);
            assert!(!text.contains("api_key ="), "{name}/{file} holds a key");
        }
    }
}

#[test]
fn every_data_source_has_its_example() {
    for data_source in Provider::new().registry().data_sources.iter() {
        let name = data_source.type_name();
        let shown = read(&root().join(data_source_example(name)));
        assert!(shown.contains(&format!("data \"{name}\" ")), "{shown}");
    }
}

#[test]
fn every_list_resource_has_its_example() {
    for list in Provider::new().registry().lists.iter() {
        let name = list.type_name();
        let shown = read(&root().join(list_example(name)));
        assert!(shown.contains(&format!("list \"{name}\" ")), "{shown}");
    }
}

#[test]
fn the_index_has_no_subcategory() {
    // `tfplugindocs validate` rejects one there, and nowhere else.
    for (path, page) in pages() {
        let is_index = path == Path::new("index.md");
        assert_eq!(page.contains("\nsubcategory:"), !is_index, "{}", path.display());
    }
}

#[test]
fn an_attribute_without_documentation_is_noticed() {
    let folder = tempfile::tempdir().expect("a temporary directory");
    let mut pages = pages();
    write(&pages, folder.path());
    assert_eq!(problems(&pages, folder.path()), "");

    let provider = Provider::new();
    let resource = provider.registry().resources.iter().next().expect("there is one");
    let mut block = resource.block().clone();
    block.attributes.push(Attribute::new::<Option<String>>("pretend", "A pretend attribute."));
    let (path, page) = resource_page(resource.type_name(), &block, resource.identity());
    pages.insert(path.clone(), page);
    let text = problems(&pages, folder.path());
    assert!(text.contains(&path.display().to_string()), "{text}");
    assert!(text.contains("+ - `pretend` (String) A pretend attribute."), "{text}");
    assert!(text.contains(COMMAND), "{text}");

    fs::write(folder.path().join("resources/former.md"), "").expect("the directory is writable");
    assert!(
        problems(&pages, folder.path())
            .contains("resources/former.md: the provider has nothing of this name")
    );
}

/// Every generated page under its path in `docs/`.
fn pages() -> BTreeMap<PathBuf, String> {
    let provider = Provider::new();
    let registry = provider.registry();
    let resources = registry
        .resources
        .iter()
        .map(|it| resource_page(it.type_name(), it.block(), it.identity()));
    let data_sources =
        registry.data_sources.iter().map(|it| data_source_page(it.type_name(), it.block()));
    let lists = registry.lists.iter().map(|it| list_page(it.type_name(), it.filter()));
    let pages = resources.chain(data_sources).chain(lists);
    pages.chain([index_page(provider.block())]).collect()
}

fn index_page(block: &Block) -> (PathBuf, String) {
    let front = front_matter("DigiCert CertCentral Provider", "", block);
    let usage = read(&root().join("examples/provider/provider.tf"));
    // The version from which on each feature can be used.
    let versions = read(&root().join("examples/provider/versions.md"));
    let guides = guides().into_iter().map(|guide| {
        let title = guide.text.lines().find_map(|line| line.strip_prefix("# "));
        format!("- [{}]({REGISTRY}/guides/{})\n", title.unwrap_or(&guide.name), guide.name)
    });
    let sections = [
        format!("# DigiCert CertCentral Provider\n\n{}\n", block.description),
        format!("## Guides\n\n{}", guides.collect::<String>()),
        format!("## Example Usage\n\n{}", code("terraform", &usage)),
        format!("## What each version of Terraform and OpenTofu supports\n\n{versions}"),
        schema_section(block),
    ];
    (PathBuf::from("index.md"), front + &sections.join("\n"))
}

fn resource_page(type_name: &str, block: &Block, identity: Identity) -> (PathBuf, String) {
    let front =
        front_matter(&format!("{type_name} Resource - digicert"), "subcategory: \"\"\n", block);
    let sections = [
        format!("# {type_name} (Resource)\n\n{}\n", block.description),
        format!("## Example Usage\n\n{}", code("terraform", &example(type_name, "resource.tf"))),
        schema_section(block),
        format!(
            "## Import\n\nImport is supported using the following syntax:\n\n{}\
             In Terraform v1.5.0 and later, the [`import` block]({IMPORT}) can be used with the `id` \
             attribute, for example:\n\n{}\n\
             The [`terraform import` command]({COMMAND_IMPORT}) can be used, for example:\n\n{}",
            import_by_identity(type_name, identity),
            code("terraform", &example(type_name, IMPORT_BLOCK)),
            code("shell", &example(type_name, "import.sh")),
        ),
    ];
    let name = type_name.trim_start_matches("digicert_");
    (PathBuf::from(format!("resources/{name}.md")), front + &sections.join("\n"))
}

fn import_by_identity(type_name: &str, identity: Identity) -> String {
    let attributes = identity.attributes();
    if attributes.is_empty() {
        return String::new();
    }
    let group = |title: &str, required: bool| -> String {
        let of_group = attributes.iter().filter(|it| it.required_for_import == required);
        let lines = of_group.map(|it| format!("- `{}` (String) {}\n", it.name, it.description));
        let lines: String = lines.collect();
        if lines.is_empty() { lines } else { format!("#### {title}\n\n{lines}\n") }
    };
    format!(
        "In Terraform v1.12.0 and later, the [`import` block]({IMPORT}) can be used with the `identity` \
         attribute, for example:\n\n{}\n### Identity Schema\n\n{}{}",
        code("terraform", &example(type_name, IMPORT_BY_IDENTITY)),
        group("Required", true),
        group("Optional", false),
    )
}

fn list_page(type_name: &str, filter: &Block) -> (PathBuf, String) {
    let front = front_matter(
        &format!("{type_name} List Resource - digicert"),
        "subcategory: \"\"\n",
        filter,
    );
    let shown = read(&root().join(list_example(type_name)));
    let sections = [
        format!("# {type_name} (List Resource)\n\n{}\n", filter.description),
        format!("## Example Usage\n\n{}", code("terraform", &shown)),
        schema_section(filter),
    ];
    let name = type_name.trim_start_matches("digicert_");
    (PathBuf::from(format!("list-resources/{name}.md")), front + &sections.join("\n"))
}

fn list_example(type_name: &str) -> String {
    format!("examples/list-resources/{type_name}/list-resource.tfquery.hcl")
}

fn data_source_page(type_name: &str, block: &Block) -> (PathBuf, String) {
    let front =
        front_matter(&format!("{type_name} Data Source - digicert"), "subcategory: \"\"\n", block);
    let shown = read(&root().join(data_source_example(type_name)));
    let sections = [
        format!("# {type_name} (Data Source)\n\n{}\n", block.description),
        format!("## Example Usage\n\n{}", code("terraform", &shown)),
        schema_section(block),
    ];
    let name = type_name.trim_start_matches("digicert_");
    (PathBuf::from(format!("data-sources/{name}.md")), front + &sections.join("\n"))
}

fn data_source_example(type_name: &str) -> String {
    format!("examples/data-sources/{type_name}/data-source.tf")
}

fn front_matter(title: &str, subcategory: &str, block: &Block) -> String {
    let summary = block.description.split("\n\n").next().unwrap_or_default();
    let summary = summary.replace('\n', " ").replace('`', "");
    format!(
        "---\n# Generated from src/ and examples/ by `{COMMAND}`: edit those instead.\n\
         page_title: \"{title}\"\n{subcategory}description: |-\n  {summary}\n---\n\n"
    )
}

fn code(language: &str, text: &str) -> String {
    format!("```{language}\n{}\n```\n", text.trim_end())
}

/// The differences between the pages and the directory, and how to update it; empty if there are none.
fn problems(pages: &BTreeMap<PathBuf, String>, docs: &Path) -> String {
    let mut problems: Vec<_> = pages
        .iter()
        .filter_map(|(path, page)| {
            let found = fs::read_to_string(docs.join(path)).unwrap_or_default();
            (found != *page).then(|| format!("{}:\n{}", path.display(), differences(&found, page)))
        })
        .collect();
    problems.extend(
        orphans(pages, docs)
            .iter()
            .map(|path| format!("{}: the provider has nothing of this name", path.display())),
    );
    if problems.is_empty() {
        return String::new();
    }
    format!(
        "docs/ does not match the schema or examples/. Update it with\n\n    {COMMAND}\n\n{}",
        { problems.join("\n") }
    )
}

/// Generated pages of what the provider does not have.
fn orphans(pages: &BTreeMap<PathBuf, String>, docs: &Path) -> Vec<PathBuf> {
    let paths = ["resources", "data-sources", "list-resources"].into_iter().flat_map(|folder| {
        let entries = fs::read_dir(docs.join(folder)).into_iter().flatten();
        entries.map(move |entry| Path::new(folder).join(entry.expect("an entry").file_name()))
    });
    paths.filter(|path| !pages.contains_key(path)).collect()
}

/// Lines that only one of the two has.
fn differences(found: &str, wanted: &str) -> String {
    let missing = |sign, lines: &str, from: &str| -> String {
        let lines = lines.lines().filter(|line| !from.lines().any(|it| it == *line));
        lines.map(|line| format!("  {sign} {line}\n")).collect()
    };
    missing('-', found, wanted) + &missing('+', wanted, found)
}

fn write(pages: &BTreeMap<PathBuf, String>, docs: &Path) {
    for (path, page) in pages {
        let path = docs.join(path);
        fs::create_dir_all(path.parent().expect("a directory")).expect("docs/ can be written");
        fs::write(path, page).expect("docs/ can be written");
    }
    for path in orphans(pages, docs) {
        fs::remove_file(docs.join(path)).expect("docs/ can be written");
    }
}

fn example(type_name: &str, file: &str) -> String {
    read(&root().join("examples/resources").join(type_name).join(file))
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The example of an `import` block, named as tfplugindocs looks for it.
const IMPORT_BLOCK: &str = "import-by-string-id.tf";

/// The example of an `import` block with an identity, likewise.
const IMPORT_BY_IDENTITY: &str = "import-by-identity.tf";

/// Writes every generated page.
const COMMAND: &str = "UPDATE_DOCS=1 cargo test --test it docs";

/// The front page lies beside the folder of the other pages there and in it here, so no relative link of
/// it works in both places.
const REGISTRY: &str = "https://registry.terraform.io/providers/certcentral/digicert/latest/docs";

const IMPORT: &str = "https://developer.hashicorp.com/terraform/language/import";
const COMMAND_IMPORT: &str = "https://developer.hashicorp.com/terraform/cli/commands/import";
