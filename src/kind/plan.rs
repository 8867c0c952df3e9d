//! Plans a create, an update or a destroy of any resource.

use super::resource::{Change, Resource};
use super::run::Intent;
use super::{Call, Context, object_name, protection, read};
use crate::schema::{self, Plan, Value};

/// What an apply would change. Diagnostics go to the context, so that all are shown at once.
pub(super) async fn plan<R: Resource>(call: &Call, cx: &mut Context<R::Memory>) -> Plan {
    let Call { prior, config, .. } = call;
    cx.know(prior, &call.identity);
    let replaces = cx.engine.protects.take().filter(|_| prior.is_null());
    if prior.is_null() {
        // What was remembered belongs to the object that this one replaces.
        cx.begin(&call.private);
    }
    let imported = cx.is_imported();
    let mut plan = schema::plan(R::block(), prior, config, imported, R::IMMUTABLE_HINT);
    cx.diagnostics.extend(std::mem::take(&mut plan.diagnostics));
    if let Some(object) = replaces {
        cx.report(protection::refusal(&object, R::DESTROY_LOSES));
    }
    if !prior.is_null() {
        match read::stored::<R>(prior) {
            Ok(object) => {
                read::forget_record(&object, cx).await;
                if config.is_null() {
                    plan_destroy(&object, prior, cx);
                } else {
                    protection::mark::<R>(&mut cx.engine, prior);
                    note(&object, Intent::Keep, cx);
                }
            }
            Err(failure) => {
                cx.report(failure.into_diagnostic("plan", R::TYPE, &object_name(R::TYPE, prior)));
                return plan;
            }
        }
    }
    let mut change = Change { prior, config, planned: &mut plan.planned };
    if let Err(failure) = R::modify_plan(&mut change, cx).await {
        cx.report(failure.into_diagnostic("plan", R::TYPE, &object_name(R::TYPE, prior)));
    }
    plan
}

fn plan_destroy<R: Resource>(object: &R, prior: &Value, cx: &mut Context<R::Memory>) {
    if protection::is_protected(R::block(), prior) {
        cx.report(protection::refusal(&object_name(R::TYPE, prior), R::DESTROY_LOSES));
        return;
    }
    cx.diagnostics.extend(object.destroy_warning());
    note(object, Intent::Destroy, cx);
}

/// Notes what is planned for an object, unless destroying it would lose nothing.
fn note<R: Resource>(object: &R, intent: Intent, cx: &mut Context<R::Memory>) {
    if object.is_lost_when_destroyed()
        && let Err(problem) = cx.note_planned(R::TYPE, object.ids(), intent)
    {
        cx.report(problem);
    }
}
