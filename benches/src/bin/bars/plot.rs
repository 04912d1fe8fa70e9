//! Cost against size: a panel per problem, a line per variant, both axes logarithmic.

use super::Line;
use plotters::coord::Shift;
use plotters::prelude::*;
use std::error::Error;
use std::path::PathBuf;

/// What is drawn, and how; the other variants stay in the table.
const DRAWN: [(&str, RGBColor); 4] = [
    ("primal", BLACK),
    ("adjoint", BLUE),
    ("grad_into", RED),
    ("value_and_grad", MAGENTA),
];

/// Draws the problems that were measured at more than one size into a file beside the executable.
pub fn draw(lines: &[Line]) -> Result<PathBuf, Box<dyn Error>> {
    let path = std::env::current_exe()?.with_file_name("bars.svg");
    let problems = problems(lines);
    let root = SVGBackend::new(
        &path,
        (1200, 260 * problems.len().div_ceil(3).max(1) as u32),
    )
    .into_drawing_area();
    root.fill(&WHITE)?;
    for (area, problem) in root
        .split_evenly((problems.len().div_ceil(3).max(1), 3))
        .iter()
        .zip(problems)
    {
        let lines: Vec<&Line> = lines
            .iter()
            .filter(|line| line.problem == problem)
            .collect();
        panel(area, problem, &lines)?;
    }
    root.present()?;
    drop(root);
    Ok(path)
}

/// A problem's ratios by size.
pub struct Ratios {
    pub problem: &'static str,
    pub points: Vec<(usize, f64)>,
}

impl Ratios {
    /// The largest ratio in terms of the smallest.
    pub fn spread(&self) -> f64 {
        let (low, high) = self
            .points
            .iter()
            .fold((f64::INFINITY, 0f64), |(low, high), (_, ratio)| {
                (low.min(*ratio), high.max(*ratio))
            });
        high / low
    }
}

/// Draws ratios against sizes, a line per problem, into a file beside the executable.
pub fn ratios(problems: &[Ratios]) -> Result<PathBuf, Box<dyn Error>> {
    let path = std::env::current_exe()?.with_file_name("sizes.svg");
    let root = SVGBackend::new(&path, (700, 450)).into_drawing_area();
    root.fill(&WHITE)?;
    let points = || problems.iter().flat_map(|problem| &problem.points);
    let sizes = range(points().map(|(n, _)| *n as f64));
    let highest = points().fold(0f64, |highest, (_, ratio)| highest.max(*ratio));
    let mut chart = ChartBuilder::on(&root)
        .caption("value and gradient ÷ primal", ("sans-serif", 16))
        .margin(6)
        .x_label_area_size(30)
        .y_label_area_size(40)
        .build_cartesian_2d(sizes.log_scale(), 0.0..1.25 * highest)?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_label_formatter(&|n: &f64| format!("{n:.0e}"))
        .x_desc("elements or points")
        .draw()?;
    for (index, problem) in problems.iter().enumerate() {
        let colour = Palette99::pick(index).to_rgba();
        let points = problem.points.iter().map(|(n, ratio)| (*n as f64, *ratio));
        chart
            .draw_series(LineSeries::new(points, colour).point_size(2))?
            .label(problem.problem)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerLeft)
        .background_style(WHITE.mix(0.8))
        .draw()?;
    root.present()?;
    drop(chart);
    drop(root);
    Ok(path)
}

/// Problems of several sizes, in order.
fn problems(lines: &[Line]) -> Vec<&'static str> {
    let mut problems: Vec<&'static str> = lines.iter().map(|line| line.problem).collect();
    problems.dedup();
    problems.retain(|problem| {
        let mut of = lines.iter().filter(|line| line.problem == *problem);
        of.next()
            .is_some_and(|first| of.any(|line| line.work != first.work))
    });
    problems
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    problem: &str,
    lines: &[&Line],
) -> Result<(), Box<dyn Error>> {
    let work = range(lines.iter().map(|line| line.work as f64));
    let cost = range(lines.iter().map(|line| line.times.min * 1e6));
    let mut chart = ChartBuilder::on(area)
        .caption(problem, ("sans-serif", 16))
        .margin(6)
        .x_label_area_size(30)
        .y_label_area_size(60)
        .build_cartesian_2d(work.log_scale(), cost.log_scale())?;
    let power = |v: &f64| format!("{v:.0e}");
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .x_labels(5)
        .y_labels(5)
        .x_label_formatter(&power)
        .y_label_formatter(&power)
        .x_desc("multiplications")
        .y_desc("µs")
        .draw()?;
    for (variant, colour) in DRAWN {
        let mut points: Vec<(f64, f64)> = lines
            .iter()
            .filter(|line| line.variant == variant)
            .map(|line| (line.work as f64, line.times.min * 1e6))
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        chart
            .draw_series(LineSeries::new(points, colour).point_size(2))?
            .label(variant)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], colour));
    }
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::UpperLeft)
        .background_style(WHITE.mix(0.8))
        .draw()?;
    Ok(())
}

fn range(values: impl Iterator<Item = f64>) -> std::ops::Range<f64> {
    let (low, high) = values.fold((f64::INFINITY, 0f64), |(low, high), v| {
        (low.min(v), high.max(v))
    });
    0.8 * low..1.25 * high
}
