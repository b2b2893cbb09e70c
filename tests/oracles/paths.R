# Path models by lavaan: what pt.paths must give.
#
#     Rscript tests/oracles/paths.R [FOLDER]
#
# writes paths-rows.csv (120 drawn rows in 14 groups of unlike size) and paths-fits.csv into FOLDER, by default the folder
# of this script. One row of paths-fits.csv is a coefficient, an effect or an explained share of one case:
#
#   est, se        lavaan's own, by maximum likelihood
#   std, std_se    of standardizedSolution(), where the case is saturated and has no product
#   corrected, std_corrected   the errors after lavaan's covariance of the coefficients was multiplied by the factors
#                  sqrt(n / (n - k - 1)) of both coefficients' equations, k being the number of predictors; of effects by the
#                  delta method with derivatives by a complex step. The script stops unless the same way without the factors
#                  gives lavaan's own errors.
#
# What lavaan 0.6-14 needs to be told:
#   - fixed.x = FALSE: by default the exogenous variables count as fixed, and the errors of standardised coefficients leave
#     out that their standard deviations are estimated.
#   - M1 ~~ M2 for parallel mediators: otherwise the residuals of side-by-side outcomes are held apart.
#   - information = "observed" for models that are not saturated, and for products: the expected information is taken at the
#     covariances that the model implies, which for an outcome and a product of it are far from those seen.
#   - the explained share of a model that is not saturated is one of the variance that the model implies, not of that seen.
#   - optim.method = "GN": the default optimiser stops at the seventh digit where residuals may covary.
#   - a product is a column of the data; "x:w" in the text would be made from the rows.
#   - with cluster = and estimator = "MLR" its sandwich is multiplied by G / (G - 1) and by nothing else; CR1 has
#     (n - 1) / (n - k - 1) too.
suppressPackageStartupMessages(library(lavaan))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

set.seed(20240607, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")
sizes <- c(3, 5, 12, 9, 8, 8, 10, 4, 15, 6, 11, 9, 10, 10)
group <- rep(seq_along(sizes), times = sizes)
n <- length(group)
shift <- rnorm(length(sizes))[group]
x <- 4 + rnorm(n) + 0.6 * shift
w <- 3 + 0.8 * rnorm(n) + 0.3 * x
d <- as.numeric(runif(n) < 0.4)
c <- 10 + 5 * rnorm(n)
m1 <- 2 + 0.3 * x + 0.1 * w + 0.25 * x * w + 0.5 * x * d + 0.05 * c + rnorm(n) + 0.7 * shift
m2 <- 3 * (0.4 * x - 0.2 * m1 + rnorm(n) + 0.5 * shift)
m3 <- 0.3 * m1 + 0.1 * m2 + rexp(n)
y <- 0.4 * (0.3 * x + 0.4 * m1 + 0.1 * m2 + 0.2 * m1 * w - 0.2 * m3 + 2 * rnorm(n) + shift)
rows <- round(data.frame(group, x, w, d, c, m1, m2, m3, y), 6)
data <- transform(rows, xw = x * w, xd = x * d, m1w = m1 * w, xm1 = x * m1)
at_w <- mean(data$w) + c(-1, 0, 1) * sd(data$w)

# An effect: its name and the labels of the coefficients that make it.
effect <- function(source, target, via, kind, how, moderator = "", at = "") {
  data.frame(source, target, via, kind, moderator, at, how)
}
number <- function(value) sprintf("%.17g", value)

one <- function(case, model, effects, information = "expected", cluster = NULL, standardised = TRUE) {
  # Gauss-Newton steps end at the last digit; nlminb, the default, at the seventh
  ask <- list(model, data, fixed.x = FALSE, baseline = FALSE, optim.method = "GN", optim.gn.tol.x = 1e-12)
  fit <- if (is.null(cluster)) {
    do.call("sem", c(ask, information = information))
  } else {
    # fewer groups than parameters: lavaan warns that its whole sandwich is singular; the coefficients' errors do stand
    suppressWarnings(do.call("sem", c(ask, meanstructure = TRUE, cluster = cluster, estimator = "MLR")))
  }
  own <- parameterEstimates(fit)
  paths <- own[own$op == "~", ]
  places <- match(paths$label, names(coef(fit)))
  k <- table(paths$lhs)
  free <- n - as.numeric(k[paths$lhs]) - 1
  # with clusters lavaan has G / (G - 1) already, and CR1 adds (n - 1) / (n - k - 1)
  factor <- if (is.null(cluster)) sqrt(n / free) else sqrt((n - 1) / free)

  both <- function(b, V) {
    value <- function(z, how) eval(parse(text = how), as.list(setNames(z, paths$label)))
    step <- 1e-20
    jacobian <- sapply(seq_along(b), function(j) {
      z <- as.complex(b)
      z[j] <- z[j] + step * 1i
      sapply(effects$how, function(how) Im(value(z, how)) / step)
    })
    jacobian <- rbind(diag(length(b)), matrix(jacobian, nrow(effects)))
    error <- function(V) sqrt(diag(jacobian %*% V %*% t(jacobian)))
    data.frame(est = c(b, sapply(effects$how, function(how) value(b, how))), se = error(V),
               corrected = error(V * outer(factor, factor)), row.names = NULL)
  }
  plain <- both(paths$est, vcov(fit)[places, places])
  made <- rbind(data.frame(source = paths$rhs, target = paths$lhs, via = "", kind = "coefficient", moderator = "", at = ""),
                effects[, 1:6])
  made <- data.frame(case, made, plain, std = NA, std_se = NA, std_corrected = NA)
  if (standardised) {
    solution <- standardizedSolution(fit)
    of_paths <- solution$op == "~"
    V <- lavInspect(fit, "vcov.std.all")
    same <- both(solution$est.std[of_paths], V[places, places])
    stopifnot(max(abs(same$se[seq_along(places)] - solution$se[of_paths])) < 1e-10)
    made[c("std", "std_se", "std_corrected")] <- same
  }
  stopifnot(max(abs(plain$se[seq_along(places)] / paths$se - 1)) < 1e-10)
  r2 <- inspect(fit, "r2")[unique(paths$lhs)]
  rbind(made, data.frame(case, source = "", target = names(r2), via = "", kind = "r2", moderator = "", at = "", est = r2,
                         se = NA, corrected = NA, std = NA, std_se = NA, std_corrected = NA, row.names = NULL))
}

simple <- "m1 ~ a*x
           y ~ b*m1 + p*x"
simple_effects <- rbind(effect("x", "y", "m1", "indirect", "a*b"), effect("x", "y", "", "total", "p + a*b"))
parallel <- "m1 ~ a1*x
             m2 ~ a2*x
             y ~ b1*m1 + b2*m2 + p*x
             m1 ~~ m2"
parallel_effects <- rbind(
  effect("x", "y", "m1", "indirect", "a1*b1"), effect("x", "y", "m2", "indirect", "a2*b2"),
  effect("x", "y", "", "total", "p + a1*b1 + a2*b2"))
five <- "m1 ~ a*x
         m2 ~ b1*x + b2*m1
         m3 ~ c1*x + c2*m1 + c3*m2
         y ~ p1*x + p2*m1 + p3*m2 + p4*m3"
five_effects <- rbind(
  effect("x", "y", "m1 → m2 → m3", "indirect", "a*b2*c3*p4"), effect("x", "y", "m2", "indirect", "b1*p3"),
  effect("m1", "y", "m2 → m3", "indirect", "b2*c3*p4"), effect("x", "m3", "", "total", "c1 + a*c2 + b1*c3 + a*b2*c3"),
  effect("x", "y", "", "total", "p1 + a*p2 + b1*p3 + a*b2*p3 + c1*p4 + a*c2*p4 + b1*c3*p4 + a*b2*c3*p4"),
  effect("m1", "y", "", "total", "p2 + b2*p3 + c2*p4 + b2*c3*p4"))
at_three <- function(source, target, via, how, direct = FALSE) {
  do.call(rbind, Map(function(at, value) {
    effect(source, target, via, "conditional", gsub("VALUE", sprintf("(%s)", number(value)), how), "w", at)
  }, c("mean − sd", "mean", "mean + sd"), at_w))
}

fits <- rbind(
  one("simple", simple, simple_effects),
  one("parallel", parallel, parallel_effects),
  one("serial", "m1 ~ a*x
                 m2 ~ b1*x + b2*m1
                 y ~ p1*x + p2*m1 + p3*m2",
      rbind(effect("x", "y", "m1 → m2", "indirect", "a*b2*p3"), effect("x", "y", "m1", "indirect", "a*p2"),
            effect("x", "y", "", "total", "p1 + a*p2 + b1*p3 + a*b2*p3"))),
  one("five", five, five_effects),
  one("seven", "m1 ~ a1*x + a2*c
                m2 ~ b1*m1 + b2*d
                m3 ~ c1*m1 + c2*m2
                y ~ p1*x + p2*m3 + p3*w",
      effect("x", "m1", "", "direct", "a1"), information = "observed", standardised = FALSE),
  one("first-stage", "m1 ~ a1*x + a2*w + a3*xw + a4*c
                      y ~ b*m1 + p1*x + p2*c + p3*w + p4*xw",
      rbind(effect("x", "y", "m1", "index", "a3*b", "w"), at_three("x", "y", "m1", "(a1 + a3*VALUE)*b"),
            at_three("x", "m1", "", "a1 + a3*VALUE")),
      information = "observed", standardised = FALSE),
  one("first-stage-only", "m1 ~ a1*x + a2*w + a3*xw + a4*c
                           y ~ b*m1 + p1*x + p2*c",
      rbind(effect("x", "y", "m1", "index", "a3*b", "w"), at_three("x", "y", "m1", "(a1 + a3*VALUE)*b")),
      information = "observed", standardised = FALSE),
  one("second-stage", "m1 ~ a*x
                       y ~ b1*m1 + b2*w + b3*m1w + p*x",
      rbind(effect("x", "y", "m1", "index", "a*b3", "w"), at_three("x", "y", "m1", "a*(b1 + b3*VALUE)")),
      information = "observed", standardised = FALSE),
  one("both-stages", "m1 ~ a1*x + a2*w + a3*xw
                      y ~ b1*m1 + b2*w + b3*m1w + p*x + q*xw",
      at_three("x", "y", "m1", "(a1 + a3*VALUE)*(b1 + b3*VALUE)"), information = "observed", standardised = FALSE),
  one("binary", "m1 ~ a1*x + a2*d + a3*xd
                 y ~ b*m1 + p1*x + p2*d + p3*xd",
      rbind(effect("x", "y", "m1", "index", "a3*b", "d"), effect("x", "y", "m1", "conditional", "a1*b", "d", "0"),
            effect("x", "y", "m1", "conditional", "(a1 + a3)*b", "d", "1")),
      information = "observed", standardised = FALSE),
  one("treatment-mediator", "m1 ~ a*x
                             y ~ b*m1 + p*x + q*xm1",
      rbind(effect("x", "y", "m1", "indirect", sprintf("a*(b + q*%s)", number(mean(data$x)))),
            effect("x", "y", "", "direct", sprintf("p + q*%s", number(mean(data$m1)))),
            effect("x", "y", "", "total", sprintf("p + q*%s + a*(b + q*%s)", number(mean(data$m1)), number(mean(data$x))))),
      information = "observed", standardised = FALSE),
  one("simple-cluster", simple, simple_effects, cluster = "group"),
  one("parallel-cluster", parallel, parallel_effects, cluster = "group"),
  one("five-cluster", five, five_effects, cluster = "group")
)

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by paths.R with lavaan %s on R %s", packageVersion("lavaan"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  table[table == "NA"] <- ""
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE, na = ""))
}
write(rows, "paths-rows.csv")
write(fits, "paths-fits.csv")
