//! Whom a city's staff telephone.

use super::{
    cities::city,
    database::{Database, on_both},
    desk::Desk,
};
use server::storage::SupervisorPhone;
use signaling::phone::PhoneNumber;

fn phone(name: &str, number: &str) -> SupervisorPhone {
    SupervisorPhone {
        name: name.to_owned(),
        number: PhoneNumber::parse(number).expect("a number"),
    }
}

on_both! {
    async fn a_list_of_numbers_is_kept_in_its_order_set_as_a_whole_and_for_its_own_city(database: Database) {
        let desk = Desk::on(database);
        let (hino, tama) = (city("hino").id, city("tama").id);
        let who = (desk.clinician("管理").id, desk.world.now());
        let kept = async |city| desk.store().supervisor_phones(city).await.expect("read");
        let set = async |city, phones| desk.store().set_supervisor_phones(city, phones, who).await.expect("set");
        assert_eq!(kept(&hino).await, []);
        let (duty, office) = (phone("当番の監督者", "090-1234-5678"), phone("母子保健課", "042-585-1111"));
        set(&hino, vec![duty.clone(), office.clone()]).await;
        set(&tama, vec![office.clone()]).await;
        assert_eq!(kept(&hino).await, [duty.clone(), office.clone()]);
        set(&hino, vec![office.clone(), duty.clone()]).await;
        set(&hino, vec![office.clone(), duty.clone()]).await;
        assert_eq!(kept(&hino).await, [office.clone(), duty], "twice is once");
        set(&hino, Vec::new()).await;
        assert_eq!(kept(&hino).await, []);
        assert_eq!(kept(&tama).await, [office]);
    }
}
