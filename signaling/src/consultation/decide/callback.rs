//! The last step down from a picture: the telephone. The number is asked for only when somebody wants to be called, is
//! sealed with the consultation and shown to the clinician alone who has it then. Whoever has it later asks again.

use super::{Decision, NewEvent};
use crate::{
    actor::Staff,
    call::Holder,
    consultation::{Callback, Case, Command, Fact, Refusal, Sealed},
    phone::PhoneNumber,
};

/// Commands of the family; nothing where it is none of these.
pub(super) fn by_guardian(case: &Case, command: &Command) -> Option<Decision> {
    Some(match command {
        Command::AskCallback => asked(case, Holder::Guardian),
        Command::GiveNumber { number } => given(case, number),
        _ => return None,
    })
}

/// Commands of the clinician who has it; nothing where it is none of these.
pub(super) fn by_owner(case: &Case, command: &Command, staff: &Staff) -> Option<Decision> {
    Some(match command {
        Command::AskCallback => asked(case, Holder::Staff(staff.clone())),
        Command::CallbackDone { outcome } => match case.callback {
            Some(Callback::Given { to }) if to == staff.id => {
                let by = staff.clone();
                Ok(vec![Fact::CallbackDone { by, outcome: *outcome }.into()])
            }
            _ => Err(Refusal::NotAllowed),
        },
        _ => return None,
    })
}

/// Only of somebody who could call.
fn asked(case: &Case, by: Holder) -> Decision {
    case.clinician().ok_or(Refusal::NotAllowed)?;
    let asked = case.callback.is_none().then(|| Fact::CallbackAsked { by }.into());
    Ok(asked.into_iter().collect())
}

/// The family may give its number without having been asked: that asks, too. Given again, it is corrected.
fn given(case: &Case, number: &str) -> Decision {
    let to = case.clinician().ok_or(Refusal::NotAllowed)?.id;
    let number = PhoneNumber::parse(number).map_err(|_| Refusal::BadNumber)?;
    let asked = case.callback.is_none().then(|| {
        let by = Holder::Guardian;
        Fact::CallbackAsked { by }.into()
    });
    let text = number.digits().to_owned();
    let given = NewEvent::sealed(Fact::CallbackNumber { to }, Sealed::Text { text });
    Ok(asked.into_iter().chain([given]).collect())
}
