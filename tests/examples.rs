//! Every example does what it says; each ends with an assertion of its own.

macro_rules! examples {
    ($($name:ident),*) => {$(
        mod $name {
            include!(concat!("../examples/", stringify!($name), ".rs"));

            #[test]
            fn it_runs() {
                main().unwrap();
            }
        }
    )*};
}

examples!(align_one_layer, train, new_rule);
