use super::*;

fn at(line: usize, column: usize) -> LineColumn {
    LineColumn { line, column }
}

fn place(region: Option<(LineColumn, LineColumn)>) -> Option<Place> {
    Some(Place { file: "streams/a,b:c.toml".into(), region })
}

#[test]
fn texts_do_not_end_a_property_or_a_line() {
    let text = "100 %\nof :: it, all\r";
    let annotation = Annotation { level: Level::Error, place: place(None), title: "x::y,z", text };
    assert_eq!(
        annotation.to_string(),
        "::error file=streams/a%2Cb%3Ac.toml,title=x%3A%3Ay%2Cz::100 %25%0Aof :: it, all%0D"
    );
    let bare = Annotation { level: Level::Notice, place: None, title: "t", text: "::error::no" };
    assert_eq!(bare.to_string(), "::notice title=t::::error::no");
}

#[test]
fn columns_are_told_within_one_line_only() {
    let one = Annotation { level: Level::Warning, place: place(Some((at(3, 5), at(3, 9)))), title: "t", text: "x" };
    assert!(one.to_string().contains(",line=3,endLine=3,col=5,endColumn=9,title"), "{one}");
    let more = Annotation { level: Level::Warning, place: place(Some((at(3, 5), at(4, 1)))), title: "t", text: "x" };
    assert!(more.to_string().contains(",line=3,endLine=4,title"), "{more}");
}
