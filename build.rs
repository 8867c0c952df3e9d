//! Compiles `proto/` in Rust, without protoc.

use std::error::Error;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=proto");
    let files = protox::compile(["proto/tfplugin5.proto", "proto/plugin.proto"], ["proto"])?;
    let messages = PathBuf::from(env::var("OUT_DIR")?);
    tonic_prost_build::configure()
        .build_client(false)
        // `src/protocol/grpc.rs` says why.
        .build_server(false)
        // These two contain secrets: `src/protocol/tfplugin5.rs` implements Debug without them.
        .skip_debug(["tfplugin5.DynamicValue", "tfplugin5.RawState"])
        .out_dir(&messages)
        .compile_fds(files.clone())?;

    // Terraform's side of the protocol, only for the tests: the library does not include it.
    let client = messages.join("client");
    fs::create_dir_all(&client)?;
    tonic_prost_build::configure().build_server(false).out_dir(&client).compile_fds(files)?;
    Ok(())
}
