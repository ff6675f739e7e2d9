//! Lists of things of one kind, a file each: learning rules, data sets, measures. A new one is a file, and its name in
//! the list.

/// Declares the modules, and a static list `$list` of the constant `$item` of each, where its `cfg` holds.
///
/// (`rustfmt` does not see modules that a macro declares; `make check` gives it their files by name.)
macro_rules! registry {
    ($(#[$about:meta])* pub static $list:ident: [$type:ty] = $item:ident of { $($(#[$when:meta])* $module:ident,)* }) => {
        $($(#[$when])* mod $module;)*
        $(#[$about])*
        pub static $list: &[&$type] = &[$($(#[$when])* &$module::$item,)*];
    };
}
pub(crate) use registry;
