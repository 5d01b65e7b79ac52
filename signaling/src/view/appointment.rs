//! Appointments in the thread.

use super::{Standing, Thread};
use crate::{
    appointment,
    consultation::{WireEvent, WireKind},
    intake::Service,
    time::Millis,
};

impl Thread {
    pub(super) fn fold_appointment(&mut self, event: &WireEvent) {
        let words = match &event.kind {
            WireKind::AppointmentBooked { slot } => {
                self.standing = Standing::Booked;
                (self.service, self.reply_by) = (Some(Service::Night), None);
                self.appointment = Some(*slot);
                [&appointment::words(*slot), "を予約しました"].concat()
            }
            WireKind::AppointmentGivenUp { service, reply_hours } => {
                self.standing = Standing::Waiting;
                self.service = Some(*service);
                self.reply_by = reply_hours.map(|hours| event.at + Millis::hours(i64::from(hours)));
                self.appointment = None;
                "予約をやめました。相談はそのまま受け付けています".to_owned()
            }
            WireKind::AppointmentBegun => {
                self.standing = Standing::Waiting;
                "予約の時間になりました".to_owned()
            }
            _ => "予約の時間に、画面がつながっていませんでした。もどると、つぎに案内します".to_owned(),
        };
        self.happened(event, words);
    }
}
