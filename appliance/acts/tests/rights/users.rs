//! Who asks at the control socket: users of the system are persons of the book, so that the record names a person.

use acts::{ActError, Actor, Right};

use crate::scene::{ANA, BEN, CLEO, Scene};

/// The user that Cleo has at the machine.
const CLEOS: u32 = 1003;

async fn at(scene: &Scene, uid: u32, why: &str) -> Actor {
    scene.acts.at_the_socket(uid, why).await.expect("readable")
}

#[tokio::test]
async fn a_technician_who_is_nobody_looks_after_the_machine_and_not_into_the_book() {
    let scene = Scene::new();
    for (uid, why) in [(0, ""), (0, "  "), (1000, ""), (1000, "because I wish to")] {
        let actor = at(&scene, uid, why).await;
        assert_eq!(actor, Actor::Technician { uid });
        for right in Right::ALL {
            assert_eq!(actor.may(*right), right.is_of_the_machine(), "{right:?}");
        }
    }
    let technician = at(&scene, 1000, "").await;
    let before = scene.everything();
    let looked = scene.acts.look_through(&technician, "").await;
    assert!(matches!(looked, Err(ActError::NotAllowed(Right::LookPeople))));
    let bound = scene.acts.bind_user(&technician, 1000, Some(ANA)).await;
    assert!(matches!(bound, Err(ActError::NotAllowed(Right::ChangeRoles))));
    assert_eq!(scene.everything(), before);
    let roles = scene.acts.roles(&technician).await.expect("readable").roles;
    assert!(
        roles.iter().all(|role| role.people.is_empty()),
        "it is told no names"
    );
}

#[tokio::test]
async fn root_says_why_and_it_stands_in_the_record() {
    let scene = Scene::new();
    let root = at(&scene, 0, "the only steward has died").await;
    scene.acts.look_through(&root, "everybody").await.expect("seen");
    let line = &scene.store.audit_entries(None, 1).expect("readable")[0].entry;
    assert_eq!((line.actor.as_str(), line.who), ("user 0 of the system", None));
    assert_eq!(line.whose, store::Whose::Everybody);
    let why = match &line.why {
        store::Why::Said { words, .. } => words.as_str(),
        _ => "",
    };
    assert_eq!(why, "the only steward has died");
    // Two people of the book are two people: root is none of them.
    let roles = ["steward".to_owned()].into();
    let asked = scene.acts.give_roles(&root, CLEO, roles, "").await;
    assert!(
        matches!(asked, Err(ActError::TakesTwo(Right::ChangeRoles))),
        "{asked:?}"
    );
}

#[tokio::test]
async fn somebody_whose_user_is_known_may_what_their_roles_allow() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    scene.has(CLEO, &["technician", "membership"]);
    let ana = scene.signed_in(ANA).await;
    scene
        .acts
        .bind_user(&ana, CLEOS, Some(CLEO))
        .await
        .expect("bound");
    let cleo = at(&scene, CLEOS, "").await;
    assert_eq!(cleo.person(), Some(CLEO));
    assert!(cleo.may(Right::LookPeople) && cleo.may(Right::WatchBus) && !cleo.may(Right::ChangeRoles));
    scene.acts.look_through(&cleo, "everybody").await.expect("seen");
    let line = &scene.store.audit_entries(None, 1).expect("readable")[0].entry;
    assert_eq!(
        (line.actor.as_str(), line.who, line.via.as_str()),
        ("person 3, user 1003 of the system", Some(CLEO), "command")
    );
    let users = scene.acts.users(&ana).await.expect("seen");
    assert_eq!((users[0].uid, users[0].name.as_str()), (CLEOS, "Cleo Marsh"));
    scene.acts.bind_user(&ana, CLEOS, None).await.expect("unbound");
    assert_eq!(at(&scene, CLEOS, "").await, Actor::Technician { uid: CLEOS });
    let line = &scene.store.audit_entries(None, 1).expect("readable")[0].entry;
    assert_eq!(
        line.whose,
        store::Whose::People(vec![CLEO]),
        "she can read that it was taken from her"
    );
}

#[tokio::test]
async fn nobody_says_of_themselves_who_they_are() {
    let scene = Scene::new();
    scene.has(ANA, &["steward"]);
    scene.has(BEN, &["steward"]);
    let ana = scene.signed_in(ANA).await;
    scene.acts.bind_user(&ana, CLEOS, Some(BEN)).await.expect("bound");
    let ben = at(&scene, CLEOS, "").await;
    let before = scene.everything();
    for person in [None, Some(ANA)] {
        let refused = scene.acts.bind_user(&ben, CLEOS, person).await;
        assert!(matches!(refused, Err(ActError::BadInput(_))), "{refused:?}");
    }
    let nobody = scene
        .acts
        .bind_user(&ben, 7, Some(units::PersonId::new(99)))
        .await;
    assert!(matches!(nobody, Err(ActError::NotThere(_))), "{nobody:?}");
    let same = scene.acts.bind_user(&ana, CLEOS, Some(BEN)).await;
    assert!(matches!(same, Err(ActError::BadInput(_))), "{same:?}");
    assert_eq!(scene.everything(), before);
}
