//! Code that is linked but can never run: emptied before wasm-bindgen, so that wasm-opt drops it.
//!
//! tachys keeps four functions for every erased view; one of them, asynchronous hydration, serves `hydrate_lazy` and
//! `Suspend` only. Our pages come to life at once (`hydrate_from`), so nothing ever polls it, but its address is taken and
//! no linker may drop it: an eighth of the family's bytes. Should that ever change, the page traps at once and the
//! journeys in `e2e/` fail; it cannot be wrong silently.

use walrus::{FunctionBuilder, FunctionId, FunctionKind, Module, ModuleConfig};

use crate::Outcome;

/// Part of the cache key: counts up whenever what is emptied changes.
pub(super) const RECIPE: &[u8] = b"never-1";

/// In the (mangled) name of every function that is emptied.
const NEVER_CALLED: &str = "hydrate_async";

/// Smaller bodies stay: the compiler may have given one body to several functions, and they cost next to nothing.
const SMALLEST_INSTRUCTIONS: u64 = 40;

/// The module without those bodies.
pub(super) fn emptied(compiled: &[u8]) -> Outcome<Module> {
    // As wasm-bindgen itself reads it.
    let mut module = ModuleConfig::new()
        .strict_validate(false)
        .generate_dwarf(false)
        .generate_name_section(false)
        .generate_producers_section(false)
        .parse(compiled)?;
    let found: Vec<FunctionId> = module
        .funcs
        .iter_local()
        .filter(|(id, body)| {
            let name = module.funcs.get(*id).name.as_deref().unwrap_or_default();
            name.contains(NEVER_CALLED) && !name.contains("drop_in_place") && body.size() > SMALLEST_INSTRUCTIONS
        })
        .map(|(id, _)| id)
        .collect();
    for id in found {
        let (params, results) = module.types.params_results(module.funcs.get(id).ty());
        let (params, results) = (params.to_vec(), results.to_vec());
        let arguments = params.iter().map(|kind| module.locals.add(*kind)).collect();
        let mut body = FunctionBuilder::new(&mut module.types, &params, &results);
        body.func_body().unreachable();
        module.funcs.get_mut(id).kind = FunctionKind::Local(body.local_func(arguments));
    }
    Ok(module)
}
