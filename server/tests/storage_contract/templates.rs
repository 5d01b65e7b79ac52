//! Templates of a city.

use super::{
    database::{Database, on_both},
    desk::Desk,
};
use server::storage::TemplateWritten;
use signaling::{id::CommandId, template::Template};

fn written(desk: &Desk, id: &str, title: &str, command: CommandId) -> TemplateWritten {
    TemplateWritten {
        municipality: desk.city(),
        template: Template {
            id: id.to_owned(),
            title: title.to_owned(),
            body: "明日{診療科}へ".to_owned(),
        },
        by: desk.clinician("山本").id,
        command,
        at: desk.world.now(),
    }
}

on_both! {
    async fn a_template_is_added_once_changed_and_retired_in_its_own_city(database: Database) {
        let desk = Desk::on(database);
        let (store, city) = (desk.store(), desk.city());
        let command = desk.new_command();
        for id in ["aaaa", "bbbb"] {
            store.add_template(written(&desk, id, "受診の目安", command)).await.expect("added");
        }
        let all = store.templates(&city).await.expect("read");
        assert_eq!(all.len(), 1, "one form is one template");
        let id = all[0].id.clone();
        let other = "tama".parse().expect("a municipality");
        assert_eq!(store.templates(&other).await.expect("read"), []);
        let by = desk.clinician("西").id;
        store.retire_template(&other, &id, by, desk.world.now()).await.expect("nothing to do");
        let mut foreign = written(&desk, &id, "よその市", desk.new_command());
        foreign.municipality = other;
        assert!(!store.change_template(foreign).await.expect("not there"));
        assert!(store.change_template(written(&desk, &id, "めやす", desk.new_command())).await.expect("changed"));
        assert_eq!(store.templates(&city).await.expect("read")[0].title, "めやす");
        store.retire_template(&city, &id, by, desk.world.now()).await.expect("retired");
        assert_eq!(store.templates(&city).await.expect("read"), []);
    }
}
