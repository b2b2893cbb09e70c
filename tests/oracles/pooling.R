# Random-effects pooling by metafor: what pt.pool must give.
#
#     Rscript tests/oracles/pooling.R [FOLDER]
#
# writes pooling-studies.csv (one row a study) and pooling-fits.csv (one row a case and test) into FOLDER, by default the
# folder of this script. `se` to `pi_high` are metafor's own; nothing is computed here but the effects of the hidden-costs
# laboratories (mean difference, squared standard error).
suppressPackageStartupMessages(library(metafor))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

# Thirteen trials of the BCG vaccine (Colditz and others 1994), as metafor distributes them: tuberculosis yes and no,
# vaccinated and control.
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
case <- function(name, yi, vi, counts = blank) {
  data.frame(case = name, study = seq_along(yi), counts, yi = as.numeric(yi), vi = as.numeric(vi), row.names = NULL)
}
studies <- rbind(
  case("bcg", risk$yi, risk$vi, bcg),
  case("hidden-costs", laboratories$mean_difference, laboratories$sd_difference^2 / laboratories$agents),
  case("two", c(0.10, 0.62), c(0.02, 0.03)),
  case("no-heterogeneity", c(0.20, 0.26, 0.19, 0.31, 0.24), c(0.04, 0.01, 0.09, 0.02, 0.05)),
  case("equal-variances", c(-0.3, 0.1, 0.4, 0.9, 0.2, 1.3), rep(0.05, 6))
)

fit <- function(name, test) {
  one <- studies[studies$case == name, ]
  # metafor stops at a change of 1e-5 unless told otherwise; six digits of the intervals need more
  found <- rma(yi, vi, data = one, method = "REML", test = test, control = list(threshold = 1e-13, maxiter = 10000))
  new <- predict(found)
  data.frame(case = name, test = test, estimate = c(found$b), se = found$se, statistic = found$zval, p_value = found$pval,
             ci_low = found$ci.lb, ci_high = found$ci.ub, tau2 = found$tau2, i2 = found$I2, q = found$QE,
             pi_low = new$pi.lb, pi_high = new$pi.ub)
}
fits <- do.call(rbind, lapply(unique(studies$case), function(name) rbind(fit(name, "knha"), fit(name, "z"))))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by pooling.R with metafor %s on R %s", packageVersion("metafor"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
  table[table == "NA"] <- ""
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE, na = ""))
}
write(studies, "pooling-studies.csv")
write(fits, "pooling-fits.csv")
