@LV-03
Feature: The documented examples are true

  Scenario: What the API answers is what the documentation shows
    When every supported function is used once
    Then every answer had the documented shape and types
    And times and levels came back in the documented units

  Scenario: The errors are the documented ones
    When the vendor is asked for things that it must refuse
    Then every error was a documented one

  Scenario: Every exchange of the run
    When at least one call is answered
    Then no answer in the whole run strayed from the documentation
    And exchanges that never succeeded are named
