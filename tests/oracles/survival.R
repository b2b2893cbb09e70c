# Kaplan-Meier curves and the log-rank test written out in base R: what pt.survival must give.
#
#     Rscript tests/oracles/survival.R [FOLDER]
#
# writes into FOLDER, by default the folder of this script:
#     survival-rows.csv    rows of five made-up designs: months watched, left 1 or 0, plan
#     survival-curves.csv  the product over the times at which somebody left, one time after the other, with Greenwood's
#         error and the interval on the scale of log(-log)
#     survival-tests.csv   the log-rank test: at each time the number expected of each group, and the hypergeometric
#         covariance; chi2 from their sums
# Where R's survival package is installed, stopifnot says that survfit and survdiff give the same.
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE)[1])))
given <- commandArgs(TRUE)
folder <- if (length(given)) given[1] else here

set.seed(20270, kind = "Mersenne-Twister", normal.kind = "Inversion", sample.kind = "Rejection")

made <- function(design, n, rates, digits, until) {
  plan <- sample(names(rates), n, replace = TRUE)
  length <- rexp(n, rates[plan])
  watched <- runif(n, until / 6, until)
  data.frame(design, plan, months = round(pmin(length, watched), digits), left = as.numeric(length <= watched))
}
rows <- rbind(
  made("two", 150, c(free = 0.06, bound = 0.03), 1, 40),
  made("tied", 120, c(free = 0.10, bound = 0.08), 0, 24),   # whole months: leavers and last seen at the same time
  made("three", 160, c(a = 0.03, b = 0.05, c = 0.09), 1, 36),
  made("seldom", 60, c(free = 0.012, bound = 0.008), 1, 24),
  made("all-gone", 25, c(free = 0.2, bound = 0.4), 1, 5000)
)

curve_of <- function(months, left) {
  times <- sort(unique(months[left == 1]))
  staying <- 1
  total <- 0
  out <- list()
  for (time in times) {
    at_risk <- sum(months >= time)
    gone <- sum(months == time & left == 1)
    staying <- if (gone == at_risk) 0 else staying * (at_risk - gone) / at_risk
    total <- total + gone / (at_risk * (at_risk - gone))
    width <- qnorm(0.975) * sqrt(total) / log(staying)
    ends <- if (staying > 0) sort(exp(-exp(log(-log(staying)) + c(-1, 1) * width))) else c(NA, NA)
    out[[length(out) + 1]] <- data.frame(time, at_risk, left = gone, staying,
                                         se = if (staying > 0) staying * sqrt(total) else NA, ci_low = ends[1], ci_high = ends[2])
  }
  do.call(rbind, out)
}

curves <- do.call(rbind, lapply(unique(rows$design), function(design) {
  data <- rows[rows$design == design, ]
  do.call(rbind, lapply(sort(unique(data$plan)), function(plan) {
    part <- data[data$plan == plan, ]
    found <- curve_of(part$months, part$left)
    data.frame(design, plan, found)
  }))
}))

test_of <- function(design) {
  data <- rows[rows$design == design, ]
  plans <- sort(unique(data$plan))
  observed <- expected <- rep(0, length(plans))
  V <- matrix(0, length(plans), length(plans))
  for (time in sort(unique(data$months[data$left == 1]))) {
    risk <- sapply(plans, function(plan) sum(data$plan == plan & data$months >= time))
    gone <- sapply(plans, function(plan) sum(data$plan == plan & data$months == time & data$left == 1))
    n <- sum(risk)
    d <- sum(gone)
    observed <- observed + gone
    expected <- expected + d * risk / n
    if (n > 1) V <- V + d * (n - d) / (n - 1) * (diag(risk / n) - outer(risk, risk) / n^2)
  }
  keep <- -length(plans)
  chi2 <- drop((observed - expected)[keep] %*% solve(V[keep, keep, drop = FALSE], (observed - expected)[keep]))
  data.frame(design, statistic = chi2, df = length(plans) - 1, p_value = pchisq(chi2, length(plans) - 1, lower.tail = FALSE))
}
tests <- do.call(rbind, lapply(unique(rows$design), test_of))

if (requireNamespace("survival", quietly = TRUE)) {
  for (design in unique(rows$design)) {
    data <- rows[rows$design == design, ]
    there <- survival::survdiff(survival::Surv(months, left) ~ plan, data)
    stopifnot(all.equal(there$chisq, tests$statistic[tests$design == design], tolerance = 1e-8))
    for (plan in unique(data$plan)) {
      fit <- summary(survival::survfit(survival::Surv(months, left) ~ 1, data[data$plan == plan, ], conf.type = "log-log"))
      ours <- curves[curves$design == design & curves$plan == plan, ]
      stopifnot(all.equal(fit$surv, ours$staying), all.equal(fit$n.risk, ours$at_risk),
                all.equal(fit$lower[fit$surv > 0], ours$ci_low[ours$staying > 0], tolerance = 1e-8))
    }
  }
}

write <- function(table, name) {
  path <- file.path(folder, name)
  writeLines(sprintf("# made by survival.R with base %s on R %s", packageVersion("base"), getRversion()), path)
  table[] <- lapply(table, function(x) if (is.double(x)) ifelse(is.na(x), "", sprintf("%.15g", x)) else x)
  suppressWarnings(write.table(table, path, append = TRUE, sep = ",", quote = FALSE, row.names = FALSE))
}
write(rows, "survival-rows.csv")
write(curves, "survival-curves.csv")
write(tests, "survival-tests.csv")
