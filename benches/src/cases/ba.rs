//! Cases of [`crate::ba`]. The rows of the Jacobian are consumed some observations at a time, as by a solver that
//! accumulates normal equations: what is measured is their computation, not the memory for all of them.

use super::Case;
use crate::annotated::ba as annotated;
use crate::ba::{self, Block, Input, Observation};
use crate::duals::ba as duals;
use crate::gradient::{Parts, Sink};
use crate::measure::Variant;
use tapeless::Inactive;

pub fn cases() -> Vec<Case> {
    vec![case(31_843)]
}

/// So many observations at a time.
const CHUNK: usize = 256;

/// The errors of an observation.
type Errors = ([f64; 2], f64);
/// The same with their derivatives.
type Row = ([f64; 2], Block, (f64, f64));

fn case(count: usize) -> Case {
    Case::new("ba", format!("{count}"), count, Some(2.7), move |measure| {
        let scene = &Input::new(count);
        measure(&mut [
            each("primal", scene, nothing, |o, errors: &mut Errors| {
                let (camera, x) = scene.seen(o);
                let error = ba::reprojection_error(camera, x, o.w, &o.feature);
                *errors = (error, ba::weight_error(o.w));
            }),
            each(
                "adjoint",
                scene,
                everything,
                |o, (value, block, weight): &mut Row| {
                    let (camera, x) = scene.seen(o);
                    *value = ba::reprojection_error_adjoint(camera, x, o.w, &o.feature, block);
                    *weight = ba::weight_error_adjoint(o.w);
                },
            ),
            each("annotated", scene, nothing, |o, errors: &mut Errors| {
                let (camera, x) = scene.seen(o);
                let error = annotated::reprojection_error(camera, x, o.w, &o.feature);
                *errors = (error, annotated::weight_error(o.w));
            }),
            each(
                "jacobian",
                scene,
                everything,
                |o, (value, block, weight): &mut Row| {
                    let (camera, x) = scene.seen(o);
                    let (error, (camera, x, w)) = annotated::reprojection_error_value_and_jacobian(
                        camera, x, o.w, &o.feature,
                    );
                    *value = error;
                    let w = w.map(|[w]| w);
                    *block = Block { camera, x, w };
                    *weight = annotated::weight_error_value_and_grad(o.w);
                },
            ),
            each(
                "vjp, 2 rows",
                scene,
                everything,
                |o, (value, block, weight): &mut Row| {
                    let (camera, x) = scene.seen(o);
                    *block = Block::default();
                    for (row, seed) in [[1.0, 0.0], [0.0, 1.0]].into_iter().enumerate() {
                        *value = annotated::reprojection_error_vjp(
                            camera,
                            x,
                            o.w,
                            &o.feature,
                            seed,
                            &mut block.camera[row],
                            &mut block.x[row],
                            &mut block.w[row],
                            Inactive,
                        );
                    }
                    *weight = annotated::weight_error_value_and_grad(o.w);
                },
            ),
            each(
                "num-dual",
                scene,
                everything,
                |o, (value, block, weight): &mut Row| {
                    let (camera, x) = scene.seen(o);
                    *value = duals::reprojection_error(camera, x, o.w, &o.feature, block);
                    *weight = ba::weight_error_adjoint(o.w);
                },
            ),
        ]);
    })
}

/// One call per observation.
fn each<'a, R: Default + Clone + 'a>(
    name: &'static str,
    scene: &'a Input,
    keep: fn(&Vec<R>, &mut Sink),
    run: impl Fn(&Observation, &mut R) + 'a,
) -> Variant<'a> {
    let mut rows = vec![R::default(); CHUNK];
    let run = move |sink: &mut Sink| {
        for chunk in scene.observations.chunks(CHUNK) {
            for (o, row) in chunk.iter().zip(&mut rows) {
                run(o, row);
            }
            std::hint::black_box(&mut rows);
            keep(&rows, sink);
        }
        0.0
    };
    Variant {
        name,
        run: Box::new(run),
    }
}

fn nothing(_: &Vec<Errors>, _: &mut Sink) {}

fn everything(rows: &Vec<Row>, sink: &mut Sink) {
    sink.put(rows);
}

impl Parts for Block {
    fn write(&self, out: &mut Vec<f64>) {
        (self.camera, self.x, self.w).write(out);
    }
}
