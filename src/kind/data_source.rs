//! What a data source is.

use super::{Call, Context, Declared, Environment, Failure, Kind, Operation, read};
use crate::schema::{self, Block, Diagnostic, Diagnostics, Json, Value};

/// Something to be looked up. Its arguments say what, its computed attributes are the answer.
pub trait DataSource: Declared {
    /// Looks it up. Computed attributes that the answer lacks become null.
    fn read(self, cx: &mut Context) -> impl Future<Output = Result<Json, Failure>> + Send;

    /// Rules that concern several arguments at once. Unknown values are not judged.
    fn validate_config(_config: &Value, _diagnostics: &mut Diagnostics) {}
}

/// Any data source, as the server sees it.
pub trait AnyDataSource: Send + Sync {
    /// Such as `digicert_users`.
    fn type_name(&self) -> &'static str;
    /// The declaration.
    fn block(&self) -> &'static Block;
    /// Every problem of a configuration; before the provider is configured, `offline`, some are warnings.
    fn validate(&self, config: &Value, offline: bool) -> Diagnostics;
    /// Looks up what `config` says.
    fn read(&self, call: Call, environment: Environment) -> Operation;
}

impl<D: DataSource> AnyDataSource for Kind<D> {
    fn type_name(&self) -> &'static str {
        D::TYPE
    }

    fn block(&self) -> &'static Block {
        D::block()
    }

    fn validate(&self, config: &Value, offline: bool) -> Diagnostics {
        let mut diagnostics = schema::validate_config(D::block(), config, offline);
        D::validate_config(config, &mut diagnostics);
        diagnostics
    }

    fn read(&self, call: Call, environment: Environment) -> Operation {
        Box::pin(async move {
            let mut cx = Context::new(environment, &[]);
            let state = match found::<D>(&call.config, &mut cx).await {
                Ok(state) => state,
                Err(failure) => {
                    cx.report(failure.into_diagnostic("read", D::TYPE, D::TYPE));
                    Value::Null
                }
            };
            cx.into_outcome(state)
        })
    }
}

/// A read is the plan of a create, with its unknown values filled in.
async fn found<D: DataSource>(config: &Value, cx: &mut Context) -> Result<Value, Failure> {
    let planned = schema::plan(D::block(), &Value::Null, config, false, "").planned;
    let answer = D::from_value(&planned)?.read(cx).await?;
    let (state, mismatches) = schema::apply_result(D::block(), &planned, &answer);
    if mismatches.is_empty() {
        return Ok(state);
    }
    let detail = format!("{}: {}.", D::TYPE, read::list(&mismatches));
    Err(Diagnostic::error(read::UNREADABLE_ANSWER, detail).into())
}
