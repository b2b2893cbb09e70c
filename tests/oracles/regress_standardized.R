# Standardised weights by lavaan, fitted from correlations alone: what pt.regress must give but for the divisor.
#
#     Rscript tests/oracles/regress_standardized.R [FOLDER]
#
# writes regress_standardized.csv (one row a correlation matrix and predictor; the matrix stands in every row, its lower
# triangle column by column, outcome first) into FOLDER, by default the folder of this script. The predictors are random
# (fixed.x = FALSE): their standard deviations are estimated too. lavaan's errors have the divisor n.
suppressPackageStartupMessages(library(lavaan))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

matrices <- list(
  one = list(n = 40, lower = c(.42)),
  two = list(n = 75, lower = c(.55, -.20, .31)),
  strong = list(n = 25, lower = c(.81, .74, .60)),
  four = list(n = 260, lower = c(.31, .24, .47, -.12, .52, .18, .05, .33, -.27, .09))
)

fitted <- function(name) {
  lower <- matrices[[name]]$lower
  n <- matrices[[name]]$n
  size <- (1 + sqrt(1 + 8 * length(lower))) / 2
  R <- diag(size)
  R[lower.tri(R)] <- lower
  R <- R + t(R) - diag(size)
  dimnames(R) <- rep(list(c("y", paste0("x", seq_len(size - 1)))), 2)
  model <- paste("y ~", paste(colnames(R)[-1], collapse = " + "))
  fit <- sem(model, sample.cov = R, sample.nobs = n, fixed.x = FALSE)
  found <- standardizedSolution(fit)
  found <- found[found$op == "~", ]
  data.frame(name, n, lower = paste(lower, collapse = " "), term = found$rhs, estimate = found$est.std, se = found$se)
}
found <- do.call(rbind, lapply(names(matrices), fitted))

path <- file.path(folder, "regress_standardized.csv")
writeLines(sprintf("# made by regress_standardized.R with lavaan %s on R %s", packageVersion("lavaan"), getRversion()), path)
found[] <- lapply(found, function(x) if (is.double(x)) sprintf("%.15g", x) else x)
suppressWarnings(write.table(found, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
