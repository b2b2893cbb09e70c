# Regressions by lm, with the errors of sandwich and clubSandwich: what pt.regress must give.
#
#     Rscript tests/oracles/regress.R [FOLDER]
#
# writes regress-rows.csv (the rows of nine made-up designs) and regress.csv (one row a design and coefficient) into FOLDER, by
# default the folder of this script. Groups taken out of a design (`within`) are dummies here, factor(g), and so is `week`.
#     classical  lm                     hc3  sandwich::vcovHC, type HC3
#     cr1        sandwich::vcovCL, type HC1, cadjust TRUE; stopifnot says that clubSandwich's CR1S is the same
#     cr2, df, p clubSandwich: vcovCR, type CR2, and coef_test, Satterthwaite
suppressPackageStartupMessages({
  library(sandwich)
  library(clubSandwich)
})

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

set.seed(20261, kind = "Mersenne-Twister", normal.kind = "Inversion")

# Rows of groups of the given sizes: z varies between groups only, x mostly inside them, the residual goes together.
made <- function(design, sizes) {
  g <- rep(seq_along(sizes), sizes)
  n <- length(g)
  week <- unlist(lapply(sizes, function(size) sort(sample(1:5, size, replace = size > 5))))
  x <- rnorm(n) + 0.6 * rnorm(length(sizes))[g]
  z <- rnorm(length(sizes))[g]
  y <- 1 + 0.5 * x - 0.3 * z + 0.2 * week + 0.8 * rnorm(length(sizes))[g] + (1 + 0.4 * abs(x)) * rnorm(n)
  data.frame(design, g, week, x = round(x, 4), z = round(z, 4), y = round(y, 4))
}

one_group <- made("one-group", c(5, 7, 6, 4, 8))
one_group$z <- as.numeric(one_group$g == 2)  # a dummy of one group: its residuals add up to zero
ones <- made("rows", rep(1, 25))
ones$z <- round(rnorm(25), 4)
rows <- rbind(
  made("unequal", c(2, 3, 3, 5, 6, 8, 9, 12, 14, 17, 21, 30)),
  made("few", c(7, 11, 15, 22)),
  made("predictor-of-groups", c(3, 4, 4, 6, 7, 9, 10, 12, 15, 20)),
  made("within", c(5, 9, 4, 7, 12, 6, 8, 10)),
  made("within-few", c(6, 9, 14)),
  made("singletons", c(1, 1, 1, 2, 5, 6, 8, 9, 1, 12)),
  made("within-singletons", c(1, 6, 1, 8, 5, 7, 1, 9)),
  made("no-intercept", c(4, 6, 8, 5, 9, 7)),
  one_group,
  ones
)

formulas <- list(
  "unequal" = y ~ x + z + x:z, "few" = y ~ x, "predictor-of-groups" = y ~ z + x, "within" = y ~ x + factor(week) + factor(g),
  "within-few" = y ~ x + factor(g), "singletons" = y ~ x + z, "within-singletons" = y ~ x + factor(g),
  "no-intercept" = y ~ x + z - 1, "one-group" = y ~ z + x, "rows" = y ~ x + z
)

fitted <- function(design) {
  data <- rows[rows$design == design, ]
  fit <- lm(formulas[[design]], data)
  shown <- setdiff(names(coef(fit)), grep("^factor\\(g\\)", names(coef(fit)), value = TRUE))
  if (grepl("^within", design)) shown <- setdiff(shown, "(Intercept)")  # it is the first group's, not everybody's
  cr1 <- vcovCL(fit, cluster = data$g, type = "HC1", cadjust = TRUE)
  stopifnot(all.equal(cr1[shown, shown], as.matrix(vcovCR(fit, data$g, "CR1S"))[shown, shown], tolerance = 1e-8))
  cr2 <- vcovCR(fit, data$g, "CR2")
  tested <- coef_test(fit, cr2, test = "Satterthwaite", coefs = shown)
  hc3 <- sqrt(diag(vcovHC(fit, type = "HC3")))[shown]
  data.frame(design, term = shown, estimate = coef(fit)[shown], classical = sqrt(diag(vcov(fit)))[shown],
             hc3 = ifelse(is.finite(hc3), hc3, NA), cr1 = sqrt(diag(cr1))[shown], cr2 = tested$SE,
             df = tested$df_Satt, p = tested$p_Satt, residual_df = fit$df.residual, row.names = NULL)
}
found <- do.call(rbind, lapply(names(formulas), fitted))

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by regress.R with clubSandwich %s on R %s", packageVersion("clubSandwich"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) ifelse(is.na(x), "", sprintf("%.15g", x)) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
write(rows, "regress-rows.csv")
write(found, "regress.csv")
