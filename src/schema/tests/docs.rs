//! The documentation of a block with every mark.

use std::collections::BTreeSet;

use expect_test::expect;

use crate::model;
use crate::schema::{Model, schema_section};
use crate::secret::Secret;

model! {
    /// A thing.
    struct Thing {
        /// Number of
        /// the thing.
        #[attr(computed)]
        pub id: Option<String>,
        /// Its name.
        #[attr(max_len(64), force_new)]
        pub name: String,
        /// Its token.
        #[attr(env("THING_TOKEN"))]
        pub token: Option<Secret>,
        /// Its password.
        #[attr(write_only)]
        pub password: Option<Secret>,
        /// Colours.
        #[attr(one_of(&["red", "blue"]), not_empty("it must look like something"))]
        pub colors: Option<BTreeSet<String>>,
        /// Guard.
        #[attr(default(true), provider_only)]
        pub guarded: Option<bool>,
        /// Years.
        #[attr(range(1, 6), optional_computed, immutable)]
        pub years: Option<i64>,
        /// Words.
        #[attr(create_default([]), not_returned)]
        pub words: Option<BTreeSet<String>>,
        /// Where it is.
        #[attr(immutable)]
        pub place: Place,
        /// Who has had it.
        #[attr(computed)]
        pub owners: Option<Vec<Owner>>,
    }
}

model! {
    /// A place.
    struct Place {
        /// Street.
        pub street: Option<String>,
        /// Town.
        #[attr(case_insensitive)]
        pub town: Option<String>,
        /// Who is there.
        #[attr(computed, object)]
        pub owner: Option<Owner>,
    }
}

model! {
    /// Somebody.
    struct Owner {
        /// Full name.
        #[attr(max_len(64))]
        pub name: Option<String>,
        /// Whether it is a person.
        pub person: Option<bool>,
    }
}

#[test]
fn every_mark_is_documented() {
    expect![[r###"
        ## Schema

        An argument that is *not returned by all CertCentral responses* keeps its value in the state if a response omits it:
        changes made outside Terraform are not detected, and an import may leave it null.

        ### Required

        - `name` (String) Its name. Must have at most 64 characters. Changing this forces a new resource to be created.
        - `place` (Block, Required) Where it is. None of its arguments can be changed after creation. (see [below for nested schema](#nestedblock--place))

        ### Optional

        - `colors` (Set of String) Colours. Each element must be one of "red", "blue". Must not be empty: it must look like something.
        - `guarded` (Boolean) Guard. Defaults to `true`.
        - `password` (String, Sensitive, [Write-only](https://developer.hashicorp.com/terraform/language/resources/ephemeral#write-only-arguments)) Its password.
        - `token` (String, Sensitive) Its token. Can also be set with the `THING_TOKEN` environment variable.
        - `words` (Set of String) Words. Defaults to `[]` when the resource is created. Not returned by all CertCentral responses.
        - `years` (Number) Years. Must be a whole number from 1 to 6. If omitted, CertCentral's default applies. Cannot be changed after creation.

        ### Read-Only

        - `id` (String) Number of the thing.
        - `owners` (List of Object) Who has had it. (see [below for nested schema](#nestedatt--owners))

        <a id="nestedblock--place"></a>
        ### Nested Schema for `place`

        A place.

        Optional:

        - `street` (String) Street.
        - `town` (String) Town. Case-insensitive.

        Read-Only:

        - `owner` (Object) Who is there. (see [below for nested schema](#nestedatt--place--owner))

        <a id="nestedatt--place--owner"></a>
        ### Nested Schema for `place.owner`

        Somebody.

        Read-Only:

        - `name` (String) Full name.
        - `person` (Boolean) Whether it is a person.

        <a id="nestedatt--owners"></a>
        ### Nested Schema for `owners`

        Somebody.

        Read-Only:

        - `name` (String) Full name.
        - `person` (Boolean) Whether it is a person.
    "###]].assert_eq(&schema_section(Thing::block()));
}
