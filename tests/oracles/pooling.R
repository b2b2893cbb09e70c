# Pooling by metafor: what pt.pool, pt.meta_regress and pt.pool_correlations must give.
#
#     Rscript tests/oracles/pooling.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#   pooling-studies.csv            one row a study
#   pooling-fits.csv               one row a case, method and test
#   pooling-left-out.csv           leave1out, one row a study
#   pooling-small.csv              regtest(model = "lm"), and PET and PEESE by R's own lm
#   pooling-regressions.csv        rma with mods, one row a coefficient
#   pooling-correlations.csv       one row a study
#   pooling-correlation-fits.csv   one row a scale, method and test
# Everything is metafor's own, or lm's; nothing is computed here but the effects of the hidden-costs laboratories (mean
# difference, squared standard error) and the made-up studies, which are formulas and not draws.
suppressPackageStartupMessages(library(metafor))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

# Thirteen trials of the BCG vaccine (Colditz and others 1994), as metafor distributes them: tuberculosis yes and no,
# vaccinated and control; latitude, year, and how people were allocated.
bcg <- data.frame(
  tpos = c(4, 6, 3, 62, 33, 180, 8, 505, 29, 17, 186, 5, 27),
  tneg = c(119, 300, 228, 13536, 5036, 1361, 2537, 87886, 7470, 1699, 50448, 2493, 16886),
  cpos = c(11, 29, 11, 248, 47, 372, 10, 499, 45, 65, 141, 3, 29),
  cneg = c(128, 274, 209, 12619, 5761, 1079, 619, 87892, 7232, 1600, 27197, 2338, 17825)
)
stopifnot(all(bcg == dat.bcg[names(bcg)]))
risk <- escalc(measure = "RR", ai = bcg$tpos, bi = bcg$tneg, ci = bcg$cpos, di = bcg$cneg)

laboratories <- read.csv(file.path(here, "..", "..", "datasets", "tables", "hidden-costs-summary.csv"))
laboratories <- laboratories[laboratories$incentives == "real" & laboratories$treatment == "C10", ]
stopifnot(nrow(laboratories) == 6)

blank <- data.frame(tpos = NA, tneg = NA, cpos = NA, cneg = NA)
none <- data.frame(one = NA, two = NA, level = NA)
case <- function(name, yi, vi, counts = blank, moderators = none) {
  data.frame(case = name, study = seq_along(yi), counts, yi = as.numeric(yi), vi = as.numeric(vi), moderators, row.names = NULL)
}
i <- 1:24
studies <- rbind(
  case("bcg", risk$yi, risk$vi, bcg, data.frame(one = dat.bcg$ablat, two = dat.bcg$year, level = dat.bcg$alloc)),
  case("hidden-costs", laboratories$mean_difference, laboratories$sd_difference^2 / laboratories$agents),
  case("two", c(0.10, 0.62), c(0.02, 0.03)),
  case("no-heterogeneity", c(0.20, 0.26, 0.19, 0.31, 0.24), c(0.04, 0.01, 0.09, 0.02, 0.05)),
  case("equal-variances", c(-0.3, 0.1, 0.4, 0.9, 0.2, 1.3), rep(0.05, 6)),
  case("made-up", 0.2 + 0.1 * (i %% 5) + 0.2 * sin(i) + sqrt(0.01 * (1 + (7 * i) %% 13)) * cos(3 * i), 0.01 * (1 + (7 * i) %% 13),
       moderators = data.frame(one = i %% 5, two = round(sqrt(i), 3), level = c("b", "c", "a")[i %% 3 + 1]))
)

exact <- list(REML = list(threshold = 1e-13, maxiter = 10000), PM = list(tol = 1e-13, maxiter = 10000), DL = list(), FE = list())
# metafor says that Knapp & Hartung is not meant for a common effect; it is asked nevertheless, to see that it is the same
quietly <- suppressWarnings

fit <- function(name, method, test) {
  one <- studies[studies$case == name, ]
  # metafor stops at a change of 1e-5 unless told otherwise; six digits of the intervals need more
  found <- quietly(rma(yi, vi, data = one, method = method, test = test, control = exact[[method]]))
  new <- predict(found)
  spread <- matrix(NA, 4, 3)
  if (method != "FE") spread <- suppressMessages(confint(found, control = list(tol = 1e-13, maxiter = 10000, tau2.max = 1e6)))$random
  data.frame(case = name, method = method, test = test, estimate = c(found$b), se = found$se, statistic = found$zval,
             p_value = found$pval, ci_low = found$ci.lb, ci_high = found$ci.ub, tau2 = found$tau2, tau2_low = spread[1, 2],
             tau2_high = spread[1, 3], i2 = found$I2, i2_low = spread[3, 2], i2_high = spread[3, 3], q = found$QE,
             q_p = found$QEp, pi_low = if (is.null(new$pi.lb)) NA else new$pi.lb, pi_high = if (is.null(new$pi.ub)) NA else new$pi.ub)
}
each <- expand.grid(test = c("knha", "z"), method = c("REML", "PM", "DL", "FE"), case = unique(studies$case), stringsAsFactors = FALSE)
fits <- do.call(rbind, Map(fit, each$case, each$method, each$test))

left_out <- function(name, method, test) {
  one <- studies[studies$case == name, ]
  found <- as.data.frame(leave1out(quietly(rma(yi, vi, data = one, method = method, test = test, control = exact[[method]]))))
  alone <- rep(0, nrow(one))  # leave1out of a common effect has no tau2
  data.frame(case = name, method = method, test = test, study = one$study, estimate = found$estimate, se = found$se,
             ci_low = found$ci.lb, ci_high = found$ci.ub, p_value = found$pval, tau2 = if (is.null(found$tau2)) alone else found$tau2,
             i2 = found$I2)
}
left <- rbind(left_out("bcg", "REML", "knha"), left_out("bcg", "DL", "z"), left_out("hidden-costs", "PM", "knha"),
              left_out("made-up", "REML", "knha"), left_out("made-up", "FE", "z"))

lines_of <- function(name) {
  one <- studies[studies$case == name, ]
  whole <- rma(yi, vi, data = one)
  egger <- regtest(whole, model = "lm")
  one_line <- function(term, found, row) {
    b <- coef(summary(found))[row, ]
    data.frame(case = name, term = term, estimate = b[1], se = b[2], statistic = b[3], df = found$df.residual, p_value = b[4],
               ci_low = confint(found)[row, 1], ci_high = confint(found)[row, 2])
  }
  pet <- lm(yi ~ sqrt(vi), data = one, weights = 1 / vi)
  peese <- lm(yi ~ vi, data = one, weights = 1 / vi)
  rbind(data.frame(case = name, term = "regtest", estimate = egger$est, se = NA, statistic = egger$zval, df = egger$dfs,
                   p_value = egger$pval, ci_low = egger$ci.lb, ci_high = egger$ci.ub),
        one_line("PET", pet, 1), one_line("PET slope", pet, 2), one_line("PEESE", peese, 1), one_line("PEESE slope", peese, 2))
}
small <- do.call(rbind, lapply(c("bcg", "made-up"), lines_of))

regression <- function(name, model, method, test) {
  one <- studies[studies$case == name, ]
  found <- quietly(rma(yi, vi, mods = as.formula(model), data = one, method = method, test = test, control = exact[[method]]))
  data.frame(case = name, model = model, method = method, test = test, term = rownames(found$b), estimate = c(found$b), se = found$se,
             statistic = found$zval, p_value = found$pval, ci_low = found$ci.lb, ci_high = found$ci.ub, tau2 = found$tau2,
             r2 = if (is.null(found$R2)) NA else found$R2, i2 = found$I2, qe = found$QE, qe_p = found$QEp, qm = found$QM,
             qm_p = found$QMp)
}
asked <- expand.grid(test = c("knha", "z"), method = c("REML", "PM", "DL", "FE"), model = c("~ one", "~ one + two", "~ level + one"),
                     case = c("bcg", "made-up"), stringsAsFactors = FALSE)
regressions <- do.call(rbind, Map(regression, asked$case, asked$model, asked$method, asked$test))

i <- 1:15
correlations <- data.frame(study = i, r = round(tanh(0.45 + 0.25 * sin(2 * i)), 3), n = 25 + (37 * i) %% 180,
                           reliability_x = 0.70 + 0.02 * (i %% 10), reliability_y = 0.85)
pooled <- function(scale, method, test) {
  if (scale == "ZCOR") one <- escalc(measure = "ZCOR", ri = r, ni = n, data = correlations)
  else {
    one <- escalc(measure = "COR", ri = r, ni = n, data = correlations, vtype = "AV")
    a <- sqrt(correlations$reliability_x * correlations$reliability_y)
    one$yi <- one$yi / a
    one$vi <- one$vi / a^2
  }
  found <- quietly(rma(yi, vi, data = one, method = method, test = test, control = exact[[method]]))
  shown <- predict(found, transf = if (scale == "ZCOR") transf.ztor else function(x) x)
  data.frame(scale = scale, method = method, test = test, estimate = shown$pred, ci_low = shown$ci.lb, ci_high = shown$ci.ub,
             pi_low = shown$pi.lb, pi_high = shown$pi.ub, se = found$se, tau2 = found$tau2, i2 = found$I2, q = found$QE,
             p_value = found$pval)
}
each <- expand.grid(test = c("knha", "z"), method = c("REML", "PM", "DL"), scale = c("ZCOR", "corrected"), stringsAsFactors = FALSE)
correlation_fits <- do.call(rbind, Map(pooled, each$scale, each$method, each$test))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by pooling.R with metafor %s on R %s", packageVersion("metafor"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  table[table == "NA"] <- ""
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE, na = ""))
}
write(studies, "pooling-studies.csv")
write(fits, "pooling-fits.csv")
write(left, "pooling-left-out.csv")
write(small, "pooling-small.csv")
write(regressions, "pooling-regressions.csv")
write(correlations, "pooling-correlations.csv")
write(correlation_fits, "pooling-correlation-fits.csv")
