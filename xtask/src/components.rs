//! The SBOM of a binary, in the format `CycloneDX`: <https://cyclonedx.org/docs/1.6/json/>.
//!
//! It lists the packages that cargo built for this binary. Cargo.lock would also list those of other platforms, of
//! tests and of features that are off. There is no time and no random number in it, so that the same build always
//! results in the same SBOM.

use std::collections::BTreeSet;

use cargo_metadata::{Metadata, Package, PackageId};
use serde_json::{Value, json};

use crate::product::Product;

/// The packages of one build.
#[derive(Debug, Default)]
pub struct Built {
    /// Linked into the binary.
    pub linked: BTreeSet<PackageId>,
    /// Used by the build: macros, build scripts and their dependencies.
    pub tools: BTreeSet<PackageId>,
}

/// The SBOM of a binary. `rust` is the version of its standard library.
pub fn list(metadata: &Metadata, product: Product, built: &Built, rust: &str) -> Value {
    let packages = || metadata.packages.iter().filter(|it| built.contains(&it.id));
    let (program, others): (Vec<_>, Vec<_>) =
        packages().partition(|it| it.name.as_str() == product.name());
    let mut components: Vec<_> = others
        .into_iter()
        .map(|package| {
            let mut component = component(package, "library");
            let linked = built.linked.contains(&package.id);
            component["scope"] = json!(if linked { "required" } else { "excluded" });
            component
        })
        .collect();
    components.push(json!({
        "type": "library", "bom-ref": "std", "name": "std", "version": rust, "scope": "required",
        "licenses": [{ "expression": "MIT OR Apache-2.0" }],
    }));
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": program.first().map(|package| component(package, "application")),
        },
        "components": components,
        "dependencies": dependencies(metadata, built),
    })
}

impl Built {
    fn contains(&self, id: &PackageId) -> bool {
        self.linked.contains(id) || self.tools.contains(id)
    }
}

fn component(package: &Package, kind: &str) -> Value {
    let mut component = json!({
        "type": kind,
        "bom-ref": package.id.repr,
        "name": package.name,
        "version": package.version.to_string(),
    });
    if let Some(license) = &package.license {
        // An old notation, in which a slash means "or".
        let expression = license.replace(" / ", "/").replace('/', " OR ");
        component["licenses"] = json!([{ "expression": expression }]);
    }
    if package.source.as_ref().is_some_and(|source| source.is_crates_io()) {
        component["purl"] = json!(format!("pkg:cargo/{}@{}", package.name, package.version));
    }
    component
}

fn dependencies(metadata: &Metadata, built: &Built) -> Vec<Value> {
    let nodes = metadata.resolve.iter().flat_map(|resolve| &resolve.nodes);
    nodes
        .filter(|node| built.contains(&node.id))
        .map(|node| {
            let on: Vec<_> = node.dependencies.iter().filter(|it| built.contains(it)).collect();
            json!({ "ref": node.id.repr, "dependsOn": on })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use cargo_metadata::MetadataCommand;

    use super::{Built, list};
    use crate::product::Product;

    #[test]
    fn only_what_was_built_is_listed() {
        let mut command = MetadataCommand::new();
        let metadata =
            command.other_options(vec!["--offline".to_owned()]).exec().expect("cargo knows this");
        let id = |name: &str| {
            let package = metadata.packages.iter().find(|it| it.name.as_str() == name);
            package.expect("it is in Cargo.lock").id.clone()
        };
        let built = Built {
            linked: [id(Product::Provider.name()), id("tonic"), id("tokio")].into(),
            tools: [id("protox")].into(),
        };
        let bom = list(&metadata, Product::Provider, &built, "1.2.3");
        assert_eq!(bom["metadata"]["component"]["name"], Product::Provider.name());
        let components = bom["components"].as_array().expect("a list");
        let scopes: Vec<_> = components
            .iter()
            .map(|it| {
                format!(
                    "{} {}",
                    it["name"].as_str().unwrap_or("?"),
                    it["scope"].as_str().unwrap_or("?")
                )
            })
            .collect();
        assert_eq!(scopes, ["protox excluded", "tokio required", "tonic required", "std required"]);
        let purl = components[1]["purl"].as_str().expect("tokio is from crates.io");
        assert!(purl.starts_with("pkg:cargo/tokio@1."), "{purl}");
        let dependencies = bom["dependencies"].as_array().expect("a list");
        let of_tonic =
            dependencies.iter().find(|it| it["ref"] == id("tonic").repr).expect("it is listed");
        assert_eq!(of_tonic["dependsOn"], serde_json::json!([id("tokio").repr]));
    }
}
